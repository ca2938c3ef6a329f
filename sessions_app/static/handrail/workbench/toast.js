/** A short message in the corner. */

import { polite, urgent } from "./announce.js";
import { explain } from "./errors.js";

const STAYS_MS = 6_000;

/** `tone` is info, good, warn or danger; the last two stay until they are closed, and interrupt a screen reader. */
export function toast(words, { tone = "info" } = {}) {
  const important = tone === "warn" || tone === "danger";
  (important ? urgent : polite)(words);
  const made = document.createElement("div");
  made.className = "toast";
  made.dataset.tone = tone;
  const text = document.createElement("span");
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = gettext("Dismiss");
  close.addEventListener("click", () => made.remove());
  made.append(text, close);
  stack().append(made);
  if (!important) {
    setTimeout(() => made.remove(), STAYS_MS);
  }
}

/** Say what an ApiError means, and return null; anything else is a mistake of ours, and is thrown on. */
export function toastError(error) {
  if (error.name !== "ApiError") {
    throw error;
  }
  toast(explain(error), { tone: "danger" });
  return null;
}

function stack() {
  let found = document.querySelector(".toasts");
  if (!found) {
    found = document.createElement("section");
    found.className = "toasts";
    found.setAttribute("aria-label", gettext("Messages"));
    document.body.append(found);
  }
  return found;
}
