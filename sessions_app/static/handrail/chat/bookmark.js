/** A reload, another language or a bookmark comes back to this conversation. */
export function bookmark(session) {
  const address = new URL(location.href);
  address.search = `?session=${encodeURIComponent(session)}`;
  history.replaceState(null, "", address);
}
