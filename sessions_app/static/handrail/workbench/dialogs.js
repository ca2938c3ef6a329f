/** Native dialogs that send something: they stay open, with the error, until it has worked. */

import { setText } from "../entries/slots.js";
import { explain } from "./errors.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-action="close-dialog"]');
  button?.closest("dialog").close();
});

/**
 * Open a dialog and call `send(data)` with its FormData when it is submitted. An ApiError is shown in it; else it
 * closes, and `send`'s result is the promise's. Resolves to null when it was left.
 */
export function ask(id, { fill = () => {}, send }) {
  const dialog = document.getElementById(`dialog-${id}`);
  const form = dialog.querySelector("form");
  form.reset();
  setText(dialog, "error", "");
  fill(dialog, form.elements);
  return new Promise((resolve) => {
    const listening = new AbortController();
    let result = null;
    form.addEventListener(
      "submit",
      async (event) => {
        event.preventDefault();
        const submit = form.querySelector('[type="submit"]');
        if (submit.getAttribute("aria-busy") === "true") {
          return;
        }
        submit.setAttribute("aria-busy", "true");
        try {
          result = (await send(new FormData(form))) ?? true;
          dialog.close();
        } catch (error) {
          if (error.name !== "ApiError") {
            throw error;
          }
          setText(dialog, "error", explain(error));
        } finally {
          submit.removeAttribute("aria-busy");
        }
      },
      { signal: listening.signal },
    );
    dialog.addEventListener(
      "close",
      () => {
        listening.abort();
        resolve(result);
      },
      { once: true },
    );
    dialog.showModal();
    (form.querySelector("textarea, select, input") ?? form).focus();
  });
}
