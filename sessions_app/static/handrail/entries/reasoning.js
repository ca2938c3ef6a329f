/** A thought: open while it is being thought, folded away afterwards, unless somebody has taken it in hand. */

import { showWhen, slot } from "./slots.js";
import { showTime } from "./times.js";
import { showMarkdown } from "./words.js";

export function updateReasoning(node, entry) {
  const before = node.dataset.status;
  node.dataset.status = entry.status;
  showWhen(slot(node, "state"), entry.status);
  showTime(slot(node, "at"), entry.at);
  if (entry.status === "speaking" && before !== "speaking") {
    node.open = true;
  } else if (entry.status !== "speaking" && before === "speaking" && !holdsFocus(node)) {
    node.open = false;
  }
  if (entry.text !== undefined) {
    speakReasoning(node, entry.text);
  }
}

export function speakReasoning(node, text) {
  showMarkdown(slot(node, "text"), text);
}

function holdsFocus(node) {
  return node.contains(document.activeElement);
}
