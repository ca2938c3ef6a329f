/** What agents ask right now, in all sessions of the workspace. */

import { urgent } from "./announce.js";
import { clone } from "../entries/slots.js";
import { api, page, sessionAddress } from "./page.js";
import { tick } from "./clock.js";
import { settled } from "./deciding.js";
import { showRequest } from "./request-card.js";

const MOST = 50;

export class QueueRequests {
  #list = document.getElementById("requests");
  #empty = document.getElementById("requests-empty");
  #count = document.getElementById("requests-count");
  #template = document.querySelector('template[data-entry="permission"]');
  #cards = new Map();
  #first = true;
  #changed;
  #nameOf;

  /** `changed(count)` is told how many there are; `nameOf(session)` is how its customer is called, or "". */
  constructor({ changed, nameOf }) {
    this.#changed = changed;
    this.#nameOf = nameOf;
  }

  async refresh() {
    const { items } = await api.get("/permission-requests", { status: "pending", limit: MOST });
    this.show(items);
  }

  /** The one that ends first comes first. */
  show(requests) {
    const ordered = [...requests].sort((one, other) => Date.parse(one.expires_at) - Date.parse(other.expires_at));
    const kept = new Set(ordered.map(({ id }) => id));
    for (const [id, card] of this.#cards) {
      if (!kept.has(id)) {
        card.remove();
        settled(id);
        this.#cards.delete(id);
      }
    }
    ordered.forEach((request, place) => this.#show(request, place));
    this.#first = false;
    this.#empty.hidden = ordered.length > 0;
    this.#count.hidden = ordered.length === 0;
    this.#count.textContent = String(ordered.length);
    tick(page.sla);
    this.#changed(ordered.length);
  }

  #show(request, place) {
    let card = this.#cards.get(request.id);
    if (!card) {
      card = this.#make(request);
      this.#cards.set(request.id, card);
      if (!this.#first) {
        urgent(interpolate(gettext("%s asks for permission in %s."), [request.tool_name, request.session]));
      }
    }
    if (this.#list.children[place] !== card) {
      this.#list.insertBefore(card, this.#list.children[place] ?? null);
    }
    showRequest(card, request, () => this.refresh());
  }

  #make(request) {
    const card = clone(this.#template);
    card.dataset.key = `permission:${request.id}`;
    const link = document.createElement("a");
    link.className = "request-session truncate";
    link.href = sessionAddress(request.session);
    const name = document.createElement("span");
    name.className = "faint small";
    name.textContent = request.session;
    link.append(this.#nameOf(request.session), " ", name);
    card.prepend(link);
    return card;
  }
}
