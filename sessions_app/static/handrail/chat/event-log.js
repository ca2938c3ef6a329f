/** Every event as it came, newest first. Rows are made only while somebody can see them. */

import { setText } from "../entries/slots.js";

// Rows the log keeps on the page; the rest is in the session's log.
const ROWS = 500;
// These would bury everything else.
const REPEATED = ["message_chunk", "tool_progress"];
const TIME = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" });

export class EventLog {
  #panel;
  #part;
  #rows;
  #template;
  #total;
  #count = 0;
  /** Events that came while nobody looked, oldest first. */
  #unshown = [];

  constructor(panel) {
    this.#panel = panel;
    this.#part = panel.querySelector("#log-part");
    this.#rows = panel.querySelector("#log");
    this.#template = panel.querySelector("#log-row").content.firstElementChild;
    this.#total = panel.querySelector("#log-count");
    this.#part.addEventListener("toggle", () => this.show());
  }

  take(event) {
    this.#count += 1;
    if (repeats(event, this.#unshown.at(-1)?.type)) {
      this.#unshown.pop();
    }
    this.#unshown.push(event);
    if (this.#unshown.length > 2 * ROWS) {
      this.#unshown.splice(0, ROWS);
    }
    this.show();
  }

  /** Make the rows of what came meanwhile, if anybody sees them now. */
  show() {
    if (this.#panel.hidden) {
      return;
    }
    this.#total.textContent = String(this.#count);
    if (this.#part.open) {
      this.#unshown.splice(0).slice(-ROWS).forEach((event) => this.#add(event));
    }
  }

  #add(event) {
    const newest = this.#rows.firstElementChild;
    const row = repeats(event, newest?.dataset.type) ? newest : this.#template.cloneNode(true);
    row.dataset.type = event.type;
    setText(row, "seq", event.seq ?? "·");
    setText(row, "type", event.type);
    setText(row, "at", TIME.format(new Date(event.timestamp)));
    setText(row, "data", JSON.stringify(event, null, 2));
    if (row !== newest) {
      this.#rows.prepend(row);
    }
    if (this.#rows.childElementCount > ROWS) {
      this.#rows.lastElementChild.remove();
    }
  }
}

/** A chunk after a chunk takes its row. */
function repeats(event, before) {
  return REPEATED.includes(event.type) && event.type === before;
}
