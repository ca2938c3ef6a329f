/** Where an operator writes: to the customer, to colleagues, or to the agent at work. */

import { setText, showWhen } from "../entries/slots.js";

const MOST_ROWS_PX = 240;

export class Composer {
  #form = document.getElementById("composer");
  #field = document.getElementById("words");
  #modes = [...document.querySelectorAll("#modes input")];
  #offers = { reply: false, note: true, guide: false };
  #wanted = null;

  /** `send(mode, text)` may throw an ApiError, which is shown, and the words stay; `writes(mode)` at each key. */
  constructor({ send, writes }) {
    this.send = send;
    this.#form.hidden = false;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing) {
        return;
      }
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.#submit();
      } else if (event.key === "Escape") {
        this.#field.blur();
      }
    });
    this.#field.addEventListener("input", () => {
      this.#fit();
      setText(this.#form, "error", "");
      writes(this.mode);
    });
    document.getElementById("modes").addEventListener("change", () => {
      this.#wanted = this.mode;
      this.#show();
    });
  }

  get field() {
    return this.#field;
  }

  get mode() {
    return this.#modes.find((input) => input.checked)?.value ?? "note";
  }

  /** Which modes there are. The one that was chosen stays as long as it is offered. */
  offer(offers) {
    this.#offers = offers;
    this.#form.hidden = !offers.note && !offers.reply;
    for (const input of this.#modes) {
      input.disabled = !offers[input.value];
    }
    document.getElementById("guide-mode").hidden = !offers.guide;
    const first = offers.reply ? "reply" : "note";
    this.choose(this.#wanted && offers[this.#wanted] ? this.#wanted : first, { wanted: false });
  }

  choose(mode, { wanted = true } = {}) {
    if (!this.#offers[mode]) {
      return;
    }
    this.#modes.forEach((input) => (input.checked = input.value === mode));
    this.#wanted = wanted ? mode : this.#wanted;
    this.#show();
  }

  /** Put words in to be edited: alone, or below what stands there. */
  put(text) {
    this.choose("reply");
    this.#field.value = this.#field.value.trim() ? `${this.#field.value.trimEnd()}\n\n${text}` : text;
    this.#fit();
    this.#field.focus();
  }

  focus(mode) {
    this.choose(mode);
    this.#field.focus();
  }

  async #submit() {
    const text = this.#field.value;
    const mode = this.mode;
    if (!text.trim() || this.#form.getAttribute("aria-busy") === "true") {
      return;
    }
    this.#form.setAttribute("aria-busy", "true");
    try {
      await this.send(mode, text);
      this.#field.value = "";
      this.#fit();
    } catch (error) {
      if (error.name !== "ApiError") {
        throw error;
      }
      setText(this.#form, "error", error.detail);
    } finally {
      this.#form.removeAttribute("aria-busy");
    }
  }

  #show() {
    this.#form.dataset.mode = this.mode;
    this.#field.placeholder = this.#field.dataset[this.mode];
    showWhen(this.#form.querySelector('[type="submit"]'), this.mode);
    this.#form.querySelector('[data-action="draft"]').hidden = this.mode !== "reply";
    this.#form.querySelector('[data-action="canned"]').hidden = this.mode !== "reply";
  }

  #fit() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(this.#field.scrollHeight + 2, MOST_ROWS_PX)}px`;
  }
}
