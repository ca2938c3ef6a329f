/** What is begun for each audience. One field shows those of one audience at a time, and no word goes to another. */

export class BegunWords {
  #field;
  #mode = "";
  #others = new Map();

  constructor(field) {
    this.#field = field;
  }

  /** Whose words the field shows; "" before anybody's. */
  get mode() {
    return this.#mode;
  }

  of(mode) {
    return mode === this.#mode ? this.#field.value : (this.#others.get(mode) ?? "");
  }

  has(mode) {
    return this.of(mode).trim() !== "";
  }

  /** Show what is begun for another audience, and keep what was shown for its own. */
  turn(mode) {
    if (mode !== this.#mode) {
      this.#others.set(this.#mode, this.#field.value);
      this.#mode = mode;
      this.#field.value = this.#others.get(mode) ?? "";
    }
  }

  /** Put words below what stands there. Whoever is writing keeps the place. */
  add(mode, text) {
    const before = this.of(mode);
    const between = before.trim() ? "\n\n" : "";
    if (mode === this.#mode) {
      this.#field.setRangeText(between + text, before.length, before.length, between ? "preserve" : "end");
    } else {
      this.#others.set(mode, before + between + text);
    }
  }

  /** To be sent: what was begun, which begins anew. */
  take(mode) {
    const text = this.of(mode);
    this.#set(mode, "");
    return text;
  }

  /** Not sent after all: above what was written since. */
  putBack(mode, text) {
    const since = this.of(mode);
    this.#set(mode, since.trim() ? `${text}\n${since}` : text);
  }

  #set(mode, text) {
    if (mode === this.#mode) {
      this.#field.value = text;
    } else {
      this.#others.set(mode, text);
    }
  }
}
