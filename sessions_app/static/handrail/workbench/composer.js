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
        this.#leave();
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
    // A click on a mode is meant for writing; arrows between modes are not.
    document.getElementById("modes").addEventListener("click", (event) => event.detail > 0 && this.#field.focus());
  }

  get field() {
    return this.#field;
  }

  get mode() {
    return this.#modes.find((input) => input.checked)?.value ?? "";
  }

  /** Which modes there are. The one that was chosen stays as long as it is offered. */
  offer(offers) {
    this.#offers = offers;
    this.#form.hidden = !offers.note && !offers.reply;
    for (const input of this.#modes) {
      input.disabled = !offers[input.value];
    }
    // What was begun stays where it is; otherwise a reply is what whoever serves is here for.
    const begun = this.#field.value.trim() !== "" || document.activeElement === this.#field;
    const kept = offers[this.mode] && (begun || this.mode === this.#wanted) ? this.mode : "";
    this.#check(kept || (offers.reply ? "reply" : begun && offers.note ? "note" : ""));
  }

  choose(mode) {
    if (this.#offers[mode]) {
      this.#wanted = mode;
      this.#check(mode);
    }
  }

  #check(mode) {
    this.#modes.forEach((input) => (input.checked = input.value === mode));
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
    if (this.mode) {
      this.#field.focus();
    }
  }

  #leave() {
    this.#field.blur();
    if (!this.#offers.reply && this.#field.value.trim() === "") {
      this.#wanted = null;
      this.#check("");
    }
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
    this.#field.placeholder = this.#field.dataset[this.mode] ?? "";
    showWhen(this.#form.querySelector('[type="submit"]'), this.mode);
    this.#form.querySelector('[data-action="draft"]').hidden = this.mode !== "reply";
    this.#form.querySelector('[data-action="canned"]').hidden = this.mode !== "reply";
  }

  #fit() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(this.#field.scrollHeight + 2, MOST_ROWS_PX)}px`;
  }
}
