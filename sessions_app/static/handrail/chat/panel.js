/** What developers and the curious look at: the connection, the session, the run, and every event as it came. */

import { connectionWords } from "./connection-words.js";
import { EventLog } from "./event-log.js";

export class Panel {
  #panel;
  #log;

  constructor(panel, toggle) {
    this.#panel = panel;
    this.#log = new EventLog(panel);
    const open = (visible) => {
      panel.hidden = !visible;
      toggle.setAttribute("aria-pressed", String(visible));
      this.#log.show();
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
    this.#log.take(event);
  }
}
