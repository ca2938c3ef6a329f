/** A heading before the first entry of each day, in the reader's zone. */

import { dayOf } from "./times.js";

export class Days {
  #list;
  #last = "";

  constructor(list) {
    this.#list = list;
  }

  /** All of them anew: what the server wrote is in its own zone, and earlier entries may have come. */
  mark() {
    this.#list.querySelectorAll(":scope > .day").forEach((heading) => heading.remove());
    this.#last = "";
    [...this.#list.children].forEach((entry) => this.added(entry));
  }

  /** An entry that has come at the end: a transcript may be long, so nothing above is looked at. */
  added(entry) {
    const at = entry.dataset.at ?? entry.querySelector("time")?.dateTime;
    const day = at ? dayOf(at) : this.#last;
    if (day !== this.#last) {
      entry.before(heading(day));
      this.#last = day;
    }
  }

  clear() {
    this.#last = "";
  }
}

function heading(text) {
  const made = document.createElement("h2");
  made.className = "day";
  made.textContent = text;
  return made;
}
