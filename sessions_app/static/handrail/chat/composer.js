/** Where the customer writes. */

// How often others are told that somebody is writing.
const TYPING_MS = 3000;

export class Composer {
  #form;
  #text;
  #error;
  #toldAt = 0;
  #send;
  #typing;
  #keep;

  /**
   * `send(text)` is called with what was written, `typing()` every three seconds while somebody writes, `keep(text)`
   * whenever something else stands here.
   */
  constructor(form, { send, typing, keep }) {
    this.#form = form;
    this.#text = form.querySelector("textarea");
    this.#error = form.querySelector(".error");
    this.#send = send;
    this.#typing = typing;
    this.#keep = keep;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#press(event));
    this.#text.addEventListener("input", () => this.#written());
    this.#fit();
  }

  focus() {
    // A phone's keyboard would cover what was just said.
    if (matchMedia("(pointer: fine)").matches) {
      this.#text.focus();
    }
  }

  complain(words) {
    this.#error.textContent = words;
  }

  show(visible) {
    this.#form.hidden = !visible;
  }

  placeholder(words) {
    this.#text.placeholder = words;
  }

  put(text) {
    this.#text.value = text;
    this.#keep(text);
    this.#fit();
    this.focus();
  }

  #press(event) {
    // Enter also chooses among the characters that an input method offers.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#form.requestSubmit();
    }
  }

  #submit() {
    const text = this.#text.value.trim();
    if (text === "") {
      this.#text.focus();
      return;
    }
    this.put("");
    this.complain("");
    this.#toldAt = 0;
    this.#send(text);
  }

  #written() {
    this.#fit();
    this.#keep(this.#text.value);
    this.complain("");
    const now = Date.now();
    if (this.#text.value.trim() !== "" && now - this.#toldAt >= TYPING_MS) {
      this.#toldAt = now;
      this.#typing();
    }
  }

  /** As high as what is in it; the stylesheet says where that ends. */
  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
