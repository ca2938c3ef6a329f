/**
 * Words that the log does not have yet: half a message in the composer, and messages on their way or not sent.
 *
 * They survive a reload of this tab, each conversation's by itself. A browser that keeps nothing loses them with the
 * page, as it would have without this.
 */

const EMPTY = { draft: "", messages: [] };

export class Unsent {
  #place;
  #words;

  /** `session` is null for a conversation that is not begun. */
  constructor(session) {
    this.#place = placeOf(session);
    this.#words = { ...EMPTY, ...read(this.#place) };
  }

  get draft() {
    return this.#words.draft;
  }

  /** Each {key, text, failed}, in the order in which they were said. */
  get messages() {
    return this.#words.messages;
  }

  write(draft) {
    this.#keep({ draft });
  }

  /** A message is on its way, for the first time or again. */
  send(key, text) {
    this.#keep({ messages: [...this.#without(key), { key, text, failed: false }] });
  }

  fail(key) {
    this.#keep({ messages: this.messages.map((one) => (one.key === key ? { ...one, failed: true } : one)) });
  }

  settle(key) {
    this.#keep({ messages: this.#without(key) });
  }

  /** The conversation has a name now. */
  begin(session) {
    const before = this.#place;
    this.#place = placeOf(session);
    if (this.#place !== before) {
      keep(before, EMPTY);
      this.#keep({});
    }
  }

  #without(key) {
    return this.messages.filter((one) => one.key !== key);
  }

  #keep(changes) {
    this.#words = { ...this.#words, ...changes };
    keep(this.#place, this.#words);
  }
}

function placeOf(session) {
  return `handrail:unsent:${session ?? ""}`;
}

function read(place) {
  try {
    return JSON.parse(sessionStorage.getItem(place));
  } catch {
    return null;
  }
}

function keep(place, words) {
  try {
    if (words.draft === "" && words.messages.length === 0) {
      sessionStorage.removeItem(place);
    } else {
      sessionStorage.setItem(place, JSON.stringify(words));
    }
  } catch {
    // Full or forbidden: the words stay on the page alone.
  }
}
