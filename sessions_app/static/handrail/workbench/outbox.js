/** Messages on their way: shown at once as pending, then by the log; or kept with a way to try again. */

import { updateMessage } from "../entries/message.js";
import { clone } from "../entries/slots.js";
import { explain } from "./errors.js";
import { api, me, sessionPath } from "./page.js";

export class Outbox {
  #session;
  #list;
  #template = document.querySelector('template[data-entry="message"]');
  #said = new Map();

  /** `known(messageId)` tells whether the transcript shows a message already. */
  constructor(session, list, known) {
    this.#session = session;
    this.#list = list;
    this.known = known;
  }

  /** Send, and try again under the same key as often as somebody presses Retry. */
  send(text) {
    const key = crypto.randomUUID();
    const node = clone(this.#template);
    this.#list.append(node);
    this.#try({ key, text, node, at: new Date().toISOString() });
  }

  /** The log has a message: what stands here for it can go. */
  arrived(messageId) {
    this.#said.get(messageId)?.remove();
    this.#said.delete(messageId);
  }

  async #try(message) {
    this.#show(message, "pending");
    try {
      const body = { text: message.text };
      const said = await api.post(sessionPath(this.#session, "/messages"), body, { idempotencyKey: message.key });
      this.#said.set(said.message_id, message.node);
      if (this.known(said.message_id)) {
        this.arrived(said.message_id);
      }
    } catch (error) {
      if (error.name !== "ApiError") {
        throw error;
      }
      this.#show(message, "failed");
      message.node.append(this.#ways(message, error));
    }
  }

  #show({ node, text, at }, status) {
    node.querySelector(".outbox-ways")?.remove();
    updateMessage(node, { role: "operator", author: me, status, text, at });
  }

  #ways(message, error) {
    const made = document.createElement("p");
    made.className = "outbox-ways error";
    made.append(explain(error), " ");
    made.append(
      button(gettext("Retry"), () => this.#try(message)),
      button(gettext("Discard"), () => message.node.remove()),
    );
    return made;
  }
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}
