/** A private note, which customers never see. */

import { setText, slot } from "./slots.js";
import { showTime } from "./times.js";
import { showMarkdown } from "./words.js";

export function updateNote(node, entry) {
  setText(node, "author", entry.author);
  showTime(slot(node, "at"), entry.at);
  showMarkdown(slot(node, "text"), entry.text ?? "");
}
