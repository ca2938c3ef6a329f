/** One line about something that changed. Its sentence is the template's; the names in it are filled in. */

import { nameOf } from "./names.js";
import { setText, showWhen, slot } from "./slots.js";
import { showTime } from "./times.js";

const PEOPLE = new Set(["operator", "from", "to", "by", "requested_by"]);

export function updateLine(node, entry) {
  for (const place of node.querySelectorAll("[data-slot]")) {
    const name = place.dataset.slot;
    if (place.querySelector("[data-when]")) {
      showWhen(place, entry[name]);
    } else if (name !== "at") {
      setText(node, name, PEOPLE.has(name) ? nameOf(entry[name]) : entry[name]);
    }
  }
  showTime(slot(node, "at"), entry.at);
}
