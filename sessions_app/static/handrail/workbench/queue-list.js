/** The queue's rows, moved and filled so that they are what the store says; at most once per frame. */

import { clone, setHidden, setText, slot } from "../entries/slots.js";
import { tick } from "./clock.js";
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
    const groups = this.#store.groups(this.#view, this.#search);
    const shown = shownGroups(this.#view);
    const kept = new Set();
    for (const group of GROUPS) {
      const section = document.querySelector(`[data-group="${group}"]`);
      const sessions = groups[group];
      section.hidden = !shown.includes(group) || (this.#search !== "" && sessions.length === 0);
      setText(section, "count", sessions.length);
      setHidden(section, "empty", sessions.length > 0);
      this.#place(slot(section, "rows"), sessions);
      sessions.forEach(({ name }) => kept.add(name));
    }
    for (const [name, row] of this.#rows) {
      if (!kept.has(name)) {
        row.remove();
      }
    }
    document.getElementById("no-match").hidden = this.#search === "" || kept.size > 0;
    tick(this.#sla);
    // A row that moves to another place loses the focus on its way.
    if (focused !== document.activeElement && document.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
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
