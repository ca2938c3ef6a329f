/** One session of the visitor's: opens it when there is something to say, says things, and is followed live. */

import { SharedStream } from "../shared-stream.js";

export class Conversation {
  #api;
  #language;
  #listen;
  #opening = null;
  #stream = null;

  /** `listen(stream)` is called with the stream before it is opened; `session` is null for one that is not begun. */
  constructor(api, { session, after, language, listen }) {
    this.#api = api;
    this.#language = language;
    this.#listen = listen;
    this.name = session;
    if (session !== null) {
      this.#follow(after);
    }
  }

  get seq() {
    return this.#stream?.cursor(this.name) ?? 0;
  }

  reconnect() {
    this.#stream?.reconnect();
  }

  /** The same `key` says it once, however often it is sent again. */
  async say(text, key) {
    await this.begin();
    return this.#post("/messages", { text }, { idempotencyKey: key });
  }

  async askForPerson() {
    await this.begin();
    return this.#post("/handoff");
  }

  withdraw(messageId) {
    return this.#post(`/messages/${messageId}/withdraw`);
  }

  typing() {
    return this.#post("/typing");
  }

  end() {
    return this.#post("/close");
  }

  /** Two messages that are sent at once begin one conversation. */
  begin() {
    if (this.name !== null) {
      return Promise.resolve();
    }
    this.#opening ??= this.#api
      .post("/sessions", { language: this.#language })
      .then(({ name }) => {
        this.name = name;
        this.#follow(0);
      })
      .finally(() => {
        this.#opening = null;
      });
    return this.#opening;
  }

  #follow(after) {
    const ticket = () => this.#post("/stream-ticket");
    // Tabs with the same conversation share one connection, or a handful of them would use up the browser's six.
    this.#stream = new SharedStream({ scope: `chat:${this.name}`, session: this.name, ticket });
    this.#stream.watch(this.name, after);
    this.#listen(this.#stream, this.name);
    this.#stream.open();
  }

  #post(path, body = {}, options = {}) {
    return this.#api.post(`/sessions/${encodeURIComponent(this.name)}${path}`, body, options);
  }
}
