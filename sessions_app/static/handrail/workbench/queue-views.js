/** How many there are: in the tabs of the views, and in the title of the browser's tab. */

import { setText } from "../entries/slots.js";

const title = document.title.trim();

/** `counts` {open, waiting, mine, closed, requests}: what waits for a person stands in the title. */
export function showCounts(counts) {
  for (const name of ["open", "waiting", "mine", "closed"]) {
    setText(document.querySelector(`[data-view="${name}"]`), "count", counts[name]);
  }
  const waits = counts.waiting + counts.requests;
  document.title = waits > 0 ? `(${waits}) ${title}` : title;
}
