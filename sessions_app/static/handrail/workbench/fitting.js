/** A field that grows with what is written in it, up to a height. */

const MOST_PX = 240;

export function fit(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, MOST_PX)}px`;
}
