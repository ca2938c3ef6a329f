/** The REST API as the page's visitor. */

import { Api } from "../api.js";

/**
 * Like `Api`, with a token that lives for an hour or so: when it has ended, one new token is fetched with the page's
 * cookie, and the call is made again.
 */
export class VisitorApi {
  #api;
  #renewAddress;
  #renewal = null;

  constructor(token, renewAddress) {
    this.#api = new Api({ visitor: token });
    this.#renewAddress = renewAddress;
  }

  get(path, query) {
    return this.#ask((api) => api.get(path, query));
  }

  post(path, body, options) {
    return this.#ask((api) => api.post(path, body, options));
  }

  async #ask(call) {
    const used = this.#api;
    try {
      return await call(used);
    } catch (error) {
      if (error.status !== 401) {
        throw error;
      }
      if (used === this.#api) {
        await this.#renew();
      }
      return call(this.#api);
    }
  }

  /** Calls that fail together share one renewal. */
  #renew() {
    this.#renewal ??= new Api({ base: "" })
      .post(this.#renewAddress)
      .then(({ token }) => {
        this.#api = new Api({ visitor: token });
      })
      .finally(() => {
        this.#renewal = null;
      });
    return this.#renewal;
  }
}
