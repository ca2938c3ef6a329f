/**
 * What the customer says, on its way: one message after the other, so that they arrive in the order in which they were
 * said. Each has a key of its own, with which it is said once however often it is sent.
 */

import { explain } from "./errors.js";

export class Outbox {
  #say;
  #entries;
  #unsent;
  #complain;
  #line = Promise.resolve();

  /** `say(text, key)` tells the server, `entries` shows it, `unsent` keeps it, `complain(words)` says what went wrong. */
  constructor({ say, entries, unsent, complain }) {
    this.#say = say;
    this.#entries = entries;
    this.#unsent = unsent;
    this.#complain = complain;
  }

  send(text, key = crypto.randomUUID()) {
    this.#entries.showPending(text, key);
    this.#unsent.send(key, text);
    this.#line = this.#line.then(() => this.#deliver(text, key));
  }

  /** After a reload: what was under way is sent again, what had failed waits for the customer. True if there was any. */
  resume() {
    const messages = this.#unsent.messages;
    for (const { key, text, failed } of messages) {
      if (failed) {
        this.#entries.showPending(text, key);
        this.#entries.failPending(key);
      } else {
        this.send(text, key);
      }
    }
    return messages.length > 0;
  }

  /** The customer wants a message that was not sent to be sent now. */
  again(element) {
    const { text, key } = this.#entries.takeBack(element);
    this.send(text, key);
  }

  async #deliver(text, key) {
    try {
      this.#entries.settlePending(key, await this.#say(text, key));
      this.#unsent.settle(key);
    } catch (error) {
      // The stream may have brought it although its request was not answered.
      if (this.#entries.failPending(key)) {
        this.#unsent.fail(key);
        this.#complain(explain(error));
      }
    }
  }
}
