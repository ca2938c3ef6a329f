/** Filling in what a template leaves open. Words stand in templates; modules only choose and fill. */

/** The element of this name in `root`, which may be that element itself. */
export function slot(root, name) {
  const selector = `[data-slot="${name}"]`;
  return root.matches?.(selector) ? root : root.querySelector(selector);
}

/** Put text where it belongs; nothing is touched when nothing changes, so that selections survive. */
export function setText(root, name, value) {
  const place = slot(root, name);
  const text = value === null || value === undefined ? "" : String(value);
  if (place && place.textContent !== text) {
    place.textContent = text;
  }
  return place;
}

/** Of the words a template has for the cases of something, show those of the case that holds. */
export function showWhen(root, value) {
  for (const words of root?.querySelectorAll("[data-when]") ?? []) {
    words.hidden = words.dataset.when !== value;
  }
}

export function setHidden(root, name, hidden) {
  const place = slot(root, name);
  if (place && place.hidden !== hidden) {
    place.hidden = hidden;
  }
}

/** What a template holds, as a new element. */
export function clone(template) {
  return template.content.firstElementChild.cloneNode(true);
}

/** A value for people to read, as the server's `as_json`. */
export function asJson(value) {
  if (value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0)) {
    return "";
  }
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
