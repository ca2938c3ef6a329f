/** Where an operator writes: to the customer, to colleagues, or to the agent at work. */

import { setHidden, setText, showWhen } from "../entries/slots.js";
import { BegunWords } from "./begun-words.js";
import { explain } from "./errors.js";
import { fit } from "./fitting.js";

export class Composer {
  #form = document.getElementById("composer");
  #field = document.getElementById("words");
  #modes = [...document.querySelectorAll("#modes input")];
  #words = new BegunWords(this.#field);
  #offers = { reply: false, note: true, guide: false };
  #wanted = null;

  /** `send(mode, text)` may throw an ApiError, which is shown, and the words come back; `writes(mode)` at each key. */
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
      fit(this.#field);
      setText(this.#form, "error", "");
      writes(this.mode);
    });
    const modes = document.getElementById("modes");
    modes.addEventListener("change", (event) => this.choose(event.target.value));
    // A click on a mode is meant for writing; arrows between modes are not.
    modes.addEventListener("click", (event) => event.detail > 0 && this.#field.focus());
  }

  get field() {
    return this.#field;
  }

  get mode() {
    return this.#words.mode;
  }

  /**
   * Which modes there are. Whoever writes is not interrupted: a mode that is gone stays as long as words stand in it,
   * and sends nothing.
   */
  offer(offers) {
    this.#offers = offers;
    this.#form.hidden = !offers.note && !offers.reply;
    const begun = this.mode !== "" && (this.#words.has(this.mode) || document.activeElement === this.#field);
    const stays = begun || (offers[this.mode] && this.mode === this.#wanted);
    this.#turn(stays ? this.mode : offers.reply ? "reply" : "");
  }

  /** Whether it is offered. */
  choose(mode) {
    if (this.#offers[mode]) {
      this.#wanted = mode;
      this.#turn(mode);
    }
    return this.mode === mode;
  }

  focus(mode) {
    if (this.choose(mode)) {
      this.#field.focus();
    }
  }

  /** The agent's draft becomes part of the reply, whatever is being written. Tells whether it can be seen. */
  draft(text) {
    this.#words.add("reply", text);
    this.#show();
    if (this.mode === "reply" && document.activeElement === document.body) {
      this.#field.focus();
    }
    return this.mode === "reply";
  }

  #turn(mode) {
    if (mode !== this.mode) {
      setText(this.#form, "error", "");
    }
    this.#words.turn(mode);
    this.#show();
  }

  #leave() {
    this.#field.blur();
    if (!this.#words.has(this.mode) && (!this.#offers.reply || !this.#offers[this.mode])) {
      this.#wanted = null;
      this.offer(this.#offers);
    }
  }

  async #submit() {
    const mode = this.mode;
    if (!this.#words.has(mode) || this.#form.getAttribute("aria-busy") === "true") {
      return;
    }
    if (!this.#offers[mode]) {
      setText(this.#form, "error", gettext("The session has changed: this cannot be sent any more. Your words stay here."));
      return;
    }
    this.#form.setAttribute("aria-busy", "true");
    const text = this.#words.take(mode);
    this.#show();
    try {
      await this.send(mode, text);
    } catch (error) {
      this.#words.putBack(mode, text);
      this.#show();
      if (error.name !== "ApiError") {
        throw error;
      }
      setText(this.#form, "error", explain(error));
    } finally {
      this.#form.removeAttribute("aria-busy");
    }
  }

  #show() {
    const mode = this.mode;
    for (const input of this.#modes) {
      input.checked = input.value === mode;
      input.disabled = !this.#offers[input.value] && input.value !== mode;
      setHidden(input.parentElement, "begun", input.value === mode || !this.#words.has(input.value));
    }
    this.#form.dataset.mode = mode;
    this.#field.placeholder = this.#field.dataset[mode] ?? "";
    showWhen(this.#form.querySelector('[type="submit"]'), mode);
    this.#form.querySelector('[data-action="draft"]').hidden = mode !== "reply";
    this.#form.querySelector('[data-action="canned"]').hidden = mode !== "reply";
    fit(this.#field);
  }
}
