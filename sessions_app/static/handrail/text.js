/** The texts that are being spoken, put together from chunks. */

/**
 * Chunks say where they begin in Unicode code points, as Python counts. JavaScript's own indexes count UTF-16 units,
 * and an emoji is two of those: never compare `text.length` with an offset.
 */
export class Texts {
  #spoken = new Map();

  /** The text so far, "" for one that nobody has heard of. `part` is "message" or "reasoning". */
  text(messageId, part = "message") {
    return this.#spoken.get(key(messageId, part))?.text ?? "";
  }

  start(messageId, part) {
    this.#place(messageId, part);
  }

  /**
   * Add a chunk and return the text so far, or null when the chunk held nothing new. A reconnected reader is given the
   * text from its beginning (offset 0), and a reader who came in mid-sentence too: what is known already is skipped.
   */
  add(messageId, part, offset, words) {
    const place = this.#place(messageId, part);
    if (place.settled || offset > place.length) {
      return null; // words are missing before it: the settled text will have them
    }
    const fresh = [...words].slice(place.length - offset);
    if (fresh.length === 0) {
      return null;
    }
    place.text += fresh.join("");
    place.length += fresh.length;
    return place.text;
  }

  /** The whole text has come. It is kept, and chunks that are still under way change nothing. */
  settle(messageId, part, text) {
    this.#spoken.set(key(messageId, part), { text, length: [...text].length, settled: true });
  }

  discard(messageId, part) {
    this.settle(messageId, part, "");
  }

  clear() {
    this.#spoken.clear();
  }

  #place(messageId, part) {
    const name = key(messageId, part);
    if (!this.#spoken.has(name)) {
      this.#spoken.set(name, { text: "", length: 0, settled: false });
    }
    return this.#spoken.get(name);
  }
}

function key(messageId, part) {
  return `${part}:${messageId}`;
}
