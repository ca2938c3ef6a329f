/** The agent's draft of a reply: asked for, awaited, and put into the reply to be edited and sent. */

import { api, page, sessionPath } from "./page.js";
import { toast, toastError } from "./toast.js";

const PATIENCE_MS = 90_000;

/** `put(text)` gets the draft, and tells whether it can be seen. Only the tab that asked takes it. */
export class Drafting {
  #button;
  #put;
  #asking = false;
  #early = new Map();
  #awaited = new Map();

  constructor(stream, button, put) {
    this.#button = button;
    this.#put = put;
    button.addEventListener("click", () => this.ask());
    stream.addEventListener("notice", ({ detail }) => this.#hear(detail));
  }

  async ask() {
    if (this.#asking || this.#awaited.size > 0) {
      return;
    }
    this.#asking = true;
    this.#busy(true);
    try {
      const { draft_id: id } = await api.post(sessionPath(page.session.name, "/draft-reply"));
      this.#awaited.set(id, setTimeout(() => this.#giveUp(id), PATIENCE_MS));
      if (this.#early.has(id)) {
        this.#end(this.#early.get(id));
      }
    } catch (error) {
      this.#busy(false);
      toastError(error);
    } finally {
      this.#asking = false;
      this.#early.clear();
    }
  }

  #hear({ session, data }) {
    if (session !== page.session.name || !data.draft_id) {
      return;
    }
    if (this.#awaited.has(data.draft_id)) {
      this.#end(data);
    } else if (this.#asking) {
      this.#early.set(data.draft_id, data); // the stream was faster than the answer
    }
  }

  #end(data) {
    this.#done(data.draft_id);
    if (data.code !== "draft_reply") {
      toast(`${gettext("The agent has not come up with a draft.")} ${data.detail}`, { tone: "warn" });
    } else if (!this.#put(data.text)) {
      toast(gettext("The draft is ready: it stands in your reply."), { tone: "good" });
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
