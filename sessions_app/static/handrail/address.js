/** Where a stream is read. */

/** One session: `/sessions/{name}/events`, with a ticket or with the session cookie. */
export function sessionAddress(base, session, { after, token, workspace }) {
  const query = new URLSearchParams({ after: String(after) });
  if (token) {
    query.set("token", token);
  } else if (workspace) {
    query.set("workspace", workspace);
  }
  return `${base}/sessions/${encodeURIComponent(session)}/events?${query}`;
}

/** Several sessions, the workspace's feed, or both over one connection, with the session cookie. */
export function eventsAddress(base, cursors, { feed, workspace }) {
  const query = new URLSearchParams();
  for (const session of Object.keys(cursors)) {
    query.append("session", session);
  }
  if (feed) {
    query.set("feed", "true");
  }
  if (workspace) {
    query.set("workspace", workspace);
  }
  const after = Object.entries(cursors).map(([session, seq]) => `${session}=${seq}`);
  if (after.length > 0) {
    query.set("after", after.join(","));
  }
  return `${base}/events?${query}`;
}
