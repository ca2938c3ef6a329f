/** A tool call: what is called with which arguments, how far it is, what it came to and how long it took. */

import { asJson, setHidden, setText, showWhen, slot } from "./slots.js";
import { duration, showTime } from "./times.js";

const AT_WORK = new Set(["executing"]);

export function updateTool(node, entry) {
  node.dataset.status = entry.status ?? "";
  setText(node, "tool_name", entry.tool_name);
  const status = slot(node, "status");
  status.dataset.status = entry.status ?? "";
  showWhen(status, entry.status);
  setText(node, "duration", duration(entry.started_at, entry.ended_at));
  showTime(slot(node, "at"), entry.at);
  setText(node, "gist", gist(entry));
  showProgress(slot(node, "progress"), entry);
  showPart(node, "arguments", entry.arguments);
  showPart(node, "result", entry.result);
}

function showPart(node, name, value) {
  const text = asJson(value);
  setText(node, name, text);
  setHidden(node, `${name}_part`, text === "");
}

function showProgress(bar, entry) {
  const working = AT_WORK.has(entry.status);
  bar.hidden = !working;
  if (!working) {
    return;
  }
  if (entry.progress) {
    bar.value = entry.progress.fraction;
  } else {
    bar.removeAttribute("value"); // at work, nobody knows how far
  }
}

/** One line that saves opening the card. */
function gist(entry) {
  if (AT_WORK.has(entry.status) && entry.progress?.text) {
    return entry.progress.text;
  }
  const values = Object.values(entry.arguments ?? {}).filter((value) => value !== null);
  return values.map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value))).join(" · ").slice(0, 200);
}
