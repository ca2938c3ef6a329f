/** The queue as the server sees it now. */

import { page } from "./page.js";

/**
 * {rows, counts} of a view. After a break of the stream nobody has told this page what was closed meanwhile. Who has
 * been logged out is sent to the login, and back here.
 */
export async function fetchSnapshot(view) {
  const query = new URLSearchParams({ view, ...(page.workspace && { workspace: page.workspace }) });
  const answer = await fetch(`/workbench/rows/?${query}`, { headers: { Accept: "application/json" } });
  if (answer.redirected) {
    location.reload();
  }
  if (!answer.ok || answer.redirected) {
    throw new Error(`The queue could not be read: ${answer.status}.`);
  }
  return answer.json();
}
