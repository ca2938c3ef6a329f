/** What developers and the curious look at: the connection, the session, the run, and every event as it came. */

import { setText } from "../entries/slots.js";
import { connectionWords } from "./connection-words.js";

// Rows the log keeps on the page; the rest is in the session's log.
const ROWS = 500;
// These would bury everything else.
const REPEATED = ["message_chunk", "tool_progress"];
const TIME = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" });

export class Panel {
  #panel;
  #log;
  #row;
  #count = 0;

  constructor(panel, toggle) {
    this.#panel = panel;
    this.#log = panel.querySelector("#log");
    this.#row = panel.querySelector("#log-row").content.firstElementChild;
    const open = (visible) => {
      panel.hidden = !visible;
      toggle.setAttribute("aria-pressed", String(visible));
    };
    toggle.addEventListener("click", () => {
      toggle.closest("details").open = false;
      open(panel.hidden);
      if (!panel.hidden) panel.querySelector("#panel-close").focus();
    });
    panel.querySelector("#panel-close").addEventListener("click", () => {
      open(false);
      toggle.closest("details").querySelector("summary").focus();
    });
  }

  connection(state) {
    const place = this.#panel.querySelector("#connection");
    place.dataset.state = state.name;
    place.textContent = connectionWords(state);
    this.#panel.querySelector("#reconnect").hidden = state.name !== "offline";
  }

  facts({ session, status, run, doing, seq }) {
    const facts = { session, status, run: run?.slice(0, 8), "run-state": doing, seq };
    for (const [name, value] of Object.entries(facts)) {
      this.#panel.querySelector(`#fact-${name}`).textContent = value || (name === "run-state" ? "" : "–");
    }
  }

  event(event) {
    const row = this.#merged(event) ?? this.#log.insertBefore(this.#row.cloneNode(true), this.#log.firstChild);
    row.dataset.type = event.type;
    setText(row, "seq", event.seq ?? "·");
    setText(row, "type", event.type);
    setText(row, "at", TIME.format(new Date(event.timestamp)));
    setText(row, "data", JSON.stringify(event, null, 2));
    if (this.#log.childElementCount > ROWS) {
      this.#log.lastElementChild.remove();
    }
    this.#panel.querySelector("#log-count").textContent = String((this.#count += 1));
  }

  /** A chunk after a chunk takes its row. */
  #merged({ type }) {
    const newest = this.#log.firstElementChild;
    return REPEATED.includes(type) && newest?.dataset.type === type ? newest : null;
  }
}
