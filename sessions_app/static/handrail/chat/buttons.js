/** Buttons that ask the server for something: each once at a time, and what went wrong is said. */

import { explain } from "./errors.js";

export class Buttons {
  #complain;

  constructor(complain) {
    this.#complain = complain;
  }

  async press(button, action) {
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    this.#complain("");
    try {
      await action();
    } catch (error) {
      this.#complain(explain(error));
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }

  /** What cannot be taken back is asked for twice: in a dialog whose answer has to be `wanted`. */
  confirm(button, dialog, wanted, action) {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === wanted && this.press(button, action), {
      once: true,
    });
    dialog.showModal();
  }
}
