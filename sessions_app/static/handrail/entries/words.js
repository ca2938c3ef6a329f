/** The words of a message, a thought or a document: as Markdown where a model or a colleague wrote them. */

import { render } from "../markdown.js";

const shownIn = new WeakMap();
const next = new WeakMap();

/** Show text as it is. */
export function showPlain(element, text) {
  next.delete(element);
  if (shownIn.get(element) !== text || element.classList.contains("markdown")) {
    shownIn.set(element, text);
    element.classList.remove("markdown");
    element.textContent = text;
  }
}

/** Show text as safe Markdown, at most once per frame: while it is being spoken it comes many times a second. */
export function showMarkdown(element, text) {
  if (shownIn.get(element) === text && element.classList.contains("markdown")) {
    next.delete(element);
    return;
  }
  const waits = next.has(element);
  next.set(element, text);
  if (!waits) {
    requestAnimationFrame(() => draw(element));
  }
}

function draw(element) {
  if (!next.has(element)) {
    return;
  }
  const text = next.get(element);
  next.delete(element);
  shownIn.set(element, text);
  element.classList.add("markdown");
  element.replaceChildren(render(text));
}
