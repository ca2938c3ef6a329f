/** A message: who said it, and the words, which may still be coming. */

import { setText, showWhen, slot } from "./slots.js";
import { showTime } from "./times.js";
import { showMarkdown, showPlain } from "./words.js";

// A customer's words are shown as they were typed.
const WRITES_MARKDOWN = new Set(["agent", "operator", "system"]);

export function updateMessage(node, entry) {
  node.dataset.role = entry.role ?? "";
  node.dataset.to = entry.to ?? "";
  node.dataset.status = entry.status;
  setText(node, "author", entry.author);
  showWhen(slot(node, "role"), entry.role);
  showWhen(slot(node, "to"), entry.to);
  showWhen(slot(node, "state"), entry.status);
  showTime(slot(node, "at"), entry.at);
  // An answer that was taken back before it was settled was never said.
  node.hidden = entry.status === "discarded" && !entry.text;
  if (entry.text !== undefined) {
    speakMessage(node, entry.text);
  }
}

export function speakMessage(node, text) {
  const show = WRITES_MARKDOWN.has(node.dataset.role) ? showMarkdown : showPlain;
  show(slot(node, "text"), text);
}
