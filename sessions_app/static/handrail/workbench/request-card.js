/** A permission request with its buttons, on the queue and in a transcript. */

import { updatePermission } from "../entries/permission.js";
import { setHidden, setText, slot } from "../entries/slots.js";
import { differences, showDifferences } from "./argument-diff.js";
import { decide } from "./deciding.js";
import { entryOf, termsOf } from "./request-entry.js";
import { rememberPlace } from "./request-focus.js";

/** Show what the API knows of a request in its card, and let its buttons answer. `decided` gets the request after. */
export function showRequest(card, request, decided) {
  updatePermission(card, entryOf(request));
  setText(card, "terms", request.status === "pending" ? termsOf(request) : "");
  setHidden(card, "actions", request.status !== "pending");
  setHidden(card, "edits", !request.edited_arguments);
  if (request.edited_arguments) {
    showDifferences(slot(card, "edits"), differences(request.arguments, request.edited_arguments));
  }
  const actions = slot(card, "actions");
  actions.onclick = async (event) => {
    const button = event.target.closest("[data-decide]");
    if (!button || actions.getAttribute("aria-busy") === "true") {
      return;
    }
    actions.setAttribute("aria-busy", "true");
    const goOn = rememberPlace(card);
    try {
      const now = await decide(button.dataset.decide, request);
      if (now) {
        await decided(now);
        goOn();
      }
    } finally {
      actions.removeAttribute("aria-busy");
    }
  };
}
