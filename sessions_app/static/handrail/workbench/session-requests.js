/** The permission requests of one session: the API's knowledge put into the transcript's cards. */

import { api, page } from "./page.js";
import { paced } from "./paced.js";
import { showRequest } from "./request-card.js";
import { requestOf } from "./request-entry.js";
import { toastError } from "./toast.js";

const MOST = 50;

export class SessionRequests {
  #view;
  #known = new Map();

  constructor(view) {
    this.#view = view;
    this.refresh = paced(() => this.#read().catch(toastError), { everyMs: 300 });
  }

  /** A card has come with an event: it can be answered at once, and the API adds what the event does not say. */
  show(entry) {
    const card = this.#view.node(`permission:${entry.request_id}`);
    const known = this.#known.get(entry.request_id);
    if (card && entry.status === "pending" && (known === undefined || known.status !== "pending")) {
      this.#put(requestOf(entry, page.session.name));
    }
    this.refresh();
  }

  async #read() {
    const { items } = await api.get("/permission-requests", { session: page.session.name, limit: MOST });
    items.forEach((request) => this.#put(request));
  }

  #put(request) {
    this.#known.set(request.id, request);
    const card = this.#view.node(`permission:${request.id}`);
    if (card) {
      showRequest(card, request, (now) => this.#put(now));
    }
  }
}
