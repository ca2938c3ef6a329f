/** The agent's draft of a reply: asked for, awaited, and put into the composer to be edited and sent. */

import { api, page, sessionPath } from "./page.js";
import { toast, toastError } from "./toast.js";

const PATIENCE_MS = 90_000;

/** `put(text)` gets the draft. Only the tab that asked takes it. */
export class Drafting {
  #button;
  #put;
  #awaited = new Map();

  constructor(stream, button, put) {
    this.#button = button;
    this.#put = put;
    button.addEventListener("click", () => this.ask());
    stream.addEventListener("notice", ({ detail }) => this.#hear(detail));
  }

  async ask() {
    if (this.#awaited.size > 0) {
      return;
    }
    this.#busy(true);
    try {
      const { draft_id: id } = await api.post(sessionPath(page.session.name, "/draft-reply"));
      this.#awaited.set(id, setTimeout(() => this.#giveUp(id), PATIENCE_MS));
    } catch (error) {
      this.#busy(false);
      toastError(error);
    }
  }

  #hear({ session, data }) {
    if (session !== page.session.name || !this.#awaited.has(data.draft_id)) {
      return;
    }
    this.#done(data.draft_id);
    if (data.code === "draft_reply") {
      this.#put(data.text);
    } else {
      toast(data.detail, { tone: "warn" });
    }
  }

  #giveUp(id) {
    this.#done(id);
    toast(gettext("The agent has not come up with a draft."), { tone: "warn" });
  }

  #done(id) {
    clearTimeout(this.#awaited.get(id));
    this.#awaited.delete(id);
    this.#busy(false);
  }

  #busy(busy) {
    this.#button.setAttribute("aria-busy", String(busy));
    this.#button.disabled = busy;
  }
}
