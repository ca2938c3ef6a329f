/** The queue as the server sees it now: the page itself is asked, and its data taken. */

/** {rows, counts} of a view. After a break of the stream nobody has told this page what was closed meanwhile. */
export async function fetchSnapshot(view) {
  const address = new URL(location.href);
  address.searchParams.set("view", view);
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) {
    throw new Error(`The queue could not be read: ${answer.status}.`);
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return JSON.parse(page.getElementById("page").textContent);
}
