/** Which ready answers somebody looks for. Pure. */

const MOST = 8;
const ASKED_FOR = /(?:^|\n)\/([^\n]*)$/;

/**
 * The part of `value` before `end` that is looked for, and that an answer would replace: after a `/` at the beginning
 * of a line, or all that was written since `from`. Null when nothing is looked for.
 */
export function searched(value, end, from = null) {
  if (from !== null) {
    const words = value.slice(from, end);
    return end < from || words.includes("\n") ? null : { start: from, end, words };
  }
  const words = ASKED_FOR.exec(value.slice(0, end))?.[1];
  return words === undefined ? null : { start: end - words.length - 1, end, words };
}

/** The replies that fit these words; those whose shortcut begins so come first. */
export function found(replies, text) {
  const words = text.toLocaleLowerCase();
  const matching = replies.filter((reply) => `${reply.shortcut}\n${reply.text}`.toLocaleLowerCase().includes(words));
  const starts = ({ shortcut }) => (shortcut.toLocaleLowerCase().startsWith(words) ? 0 : 1);
  return matching.sort((one, other) => starts(one) - starts(other)).slice(0, MOST);
}
