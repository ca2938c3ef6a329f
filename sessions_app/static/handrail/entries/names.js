/** How people are called on pages. */

/** The log keeps actors as "user:olga"; people say olga. */
export function nameOf(actor) {
  return String(actor ?? "").replace(/^(?:user|api_key|visitor|customer|agent|system):/, "");
}
