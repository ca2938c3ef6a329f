/** What stands in a message and in a tool's line, as customers see them. */

import { setText, showWhen, slot } from "../entries/slots.js";
import { showTime } from "../entries/times.js";
import { showMarkdown, showPlain } from "../entries/words.js";

export function fillMessage(element, entry) {
  element.dataset.role = entry.role;
  showWhen(element.querySelector(".who"), entry.role);
  setText(element, "author", entry.role === "operator" ? entry.author : "");
  if (entry.text !== undefined) {
    const show = entry.role === "customer" ? showPlain : showMarkdown;
    show(slot(element, "text"), entry.text);
  }
  showTime(slot(element, "at"), entry.at);
}

/** How it is with a message, and what its customer may do about it. */
export function setMessageState(element, status) {
  element.dataset.status = status;
  const state = slot(element, "state");
  showWhen(state, status);
  state.querySelector('[data-action="withdraw"]').hidden = status !== "waiting";
  state.querySelector('[data-action="send-again"]').hidden = status !== "failed";
}

/** `phrases` are what tools do, in words for customers. */
export function fillTool(element, entry, phrases) {
  const status = ["proposed", "approved"].includes(entry.status) ? "executing" : entry.status;
  element.dataset.status = status;
  setText(element, "phrase", phrases[entry.tool_name] ?? readable(entry.tool_name));
  showWhen(slot(element, "status"), status);
  const progress = slot(element, "progress");
  progress.hidden = !(status === "executing" && entry.progress);
  progress.value = entry.progress?.fraction ?? 0;
}

function readable(toolName) {
  const words = toolName.split(/[\s_]+/).filter(Boolean).join(" ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
