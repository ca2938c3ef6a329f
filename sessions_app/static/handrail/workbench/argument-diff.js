/** What an edit changes: one line per argument that differs. Pure, but for making elements. */

/** [{name, before, after}], each side as JSON, null where the argument is not there. */
export function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, before: written(before, name), after: written(after, name) }))
    .filter((one) => one.before !== one.after);
}

/** The object somebody typed, or {problem}. */
export function readArguments(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: interpolate(gettext("This is not JSON yet: %s"), [error.message]) };
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return { problem: gettext("The arguments are an object: { … }.") };
  }
  return { value };
}

export function showDifferences(place, found) {
  if (found.length === 0) {
    place.textContent = gettext("Nothing yet.");
    return;
  }
  place.replaceChildren(...found.flatMap(({ name, before, after }) => [
    line("del", "−", name, before),
    line("ins", "+", name, after),
  ].filter(Boolean)));
}

function line(tag, sign, name, value) {
  if (value === null) {
    return null;
  }
  const made = document.createElement(tag);
  made.textContent = `${sign} ${name}: ${value}`;
  return made;
}

function written(object, name) {
  return Object.hasOwn(object, name) ? JSON.stringify(object[name]) : null;
}
