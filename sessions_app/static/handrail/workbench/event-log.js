/** The log itself, event by event, for whoever wants to know exactly. Read when it is opened, then live. */

import { showTime } from "../entries/times.js";
import { api, page, sessionPath } from "./page.js";

const MOST = 300;
const PAGE = 200;

export class EventLog {
  #place = document.getElementById("event-log");
  #list = document.getElementById("events");
  #last = 0;
  #ready = false;

  /** `cursor()` is the seq the page has reached. */
  constructor(cursor) {
    this.#place.addEventListener("toggle", () => this.#place.open && !this.#ready && this.#read(cursor()));
  }

  take(event) {
    if (this.#ready && event.seq !== null && event.seq > this.#last) {
      this.#last = event.seq;
      this.#list.prepend(line(event));
      while (this.#list.childElementCount > MOST) {
        this.#list.lastElementChild.remove();
      }
    }
  }

  async #read(cursor) {
    this.#ready = true;
    const { items } = await api.get(sessionPath(page.session.name, "/log"), {
      after: Math.max(0, cursor - PAGE),
      limit: PAGE,
    });
    items.forEach((event) => this.take(event));
  }
}

function line(event) {
  const made = document.createElement("li");
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const seq = document.createElement("span");
  seq.className = "numeric faint";
  seq.textContent = `${event.seq}`;
  const type = document.createElement("code");
  type.textContent = event.type;
  const time = document.createElement("time");
  showTime(time, event.timestamp);
  summary.append(seq, " ", type, " ", time);
  const data = document.createElement("pre");
  data.textContent = JSON.stringify(event.data, null, 2);
  details.append(summary, data);
  made.append(details);
  return made;
}
