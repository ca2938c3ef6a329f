/** The queue's rows, moved and filled so that they are what the store says; at most once per frame. */

import { clone, setHidden, setText, slot } from "../entries/slots.js";
import { tick } from "./clock.js";
import { from, goOn } from "./going-on.js";
import { updateRow } from "./queue-row.js";
import { GROUPS, shownGroups } from "./queue-store.js";

export class QueueList {
  #store;
  #sla;
  #template = document.getElementById("row");
  #rows = new Map();
  #viewers = new Map();
  #planned = false;
  #view;
  #search = "";
  #closed = "read";

  constructor(store, { view, sla }) {
    this.#store = store;
    this.#sla = sla;
    this.#view = view;
    for (const row of document.querySelectorAll(".row[data-key]")) {
      this.#rows.set(row.dataset.key, row);
    }
  }

  show({ view = this.#view, search = this.#search } = {}) {
    this.#view = view;
    this.#search = search;
    this.plan();
  }

  /** How the reading of the closed sessions goes, which no stream tells of: reading, read or failed. */
  showReading(state) {
    this.#closed = state;
    this.plan();
  }

  /** {session: [operator]} of the others. */
  showViewers(people) {
    this.#viewers = Map.groupBy(people, ({ session }) => session);
    this.plan();
  }

  plan() {
    if (!this.#planned) {
      this.#planned = true;
      requestAnimationFrame(() => this.#draw());
    }
  }

  #draw() {
    this.#planned = false;
    const focused = document.activeElement;
    const link = focused?.closest(".row")?.querySelector(".row-link");
    const after = link ? from(link, [...document.querySelectorAll(".row-link")]) : [];
    const groups = this.#store.groups(this.#view, this.#search);
    const shown = shownGroups(this.#view);
    const kept = new Set();
    for (const group of GROUPS) {
      const section = document.querySelector(`[data-group="${group}"]`);
      const sessions = groups[group];
      section.hidden = !shown.includes(group) || (this.#search !== "" && sessions.length === 0);
      setText(section, "count", sessions.length);
      const known = group !== "closed" || this.#closed === "read";
      setHidden(section, "empty", sessions.length > 0 || !known);
      this.#place(slot(section, "rows"), sessions);
      sessions.forEach(({ name }) => kept.add(name));
    }
    for (const [name, row] of this.#rows) {
      if (!kept.has(name)) {
        row.remove();
      }
    }
    document.getElementById("no-match").hidden = this.#search === "" || kept.size > 0;
    this.#drawReading(document.querySelector('[data-group="closed"]'));
    tick(this.#sla);
    // A row that moves to another place loses the focus on its way, and one that is claimed its button.
    if (link) {
      focused.focus({ preventScroll: true });
      goOn([...after, document.getElementById("main")]);
    }
  }

  #drawReading(section) {
    section.setAttribute("aria-busy", String(this.#closed === "reading"));
    setHidden(section, "reading", this.#closed !== "reading");
    setHidden(section, "failed", this.#closed !== "failed");
  }

  #place(list, sessions) {
    let next = list.firstElementChild;
    for (const session of sessions) {
      const row = this.#row(session);
      if (row === next) {
        next = next.nextElementSibling;
      } else {
        list.insertBefore(row, next);
      }
    }
  }

  #row(session) {
    let row = this.#rows.get(session.name);
    if (!row) {
      row = clone(this.#template);
      this.#rows.set(session.name, row);
    }
    updateRow(row, session, (this.#viewers.get(session.name) ?? []).map(({ operator }) => operator));
    return row;
  }
}
