/** The sessions this page knows, and how they stand in the queue. No DOM. */

const URGENCY = { urgent: 3, high: 2, normal: 1, low: 0 };
export const GROUPS = ["waiting", "mine", "others", "closed"];
const SHOWN = { open: ["waiting", "mine", "others"], waiting: ["waiting"], mine: ["mine"], closed: ["closed"] };

export class QueueStore {
  #sessions = new Map();
  #arrivals = 0;
  #counts = {};

  /** `me` is the operator's user name. */
  constructor(me) {
    this.me = me;
  }

  get(name) {
    return this.#sessions.get(name);
  }

  /** Take a summary, unless a newer one is known. Returns what was known before, undefined for a session that is new. */
  put(summary, { fromTop = true } = {}) {
    const known = this.#sessions.get(summary.name);
    if (known && known.last_seq > summary.last_seq) {
      return known;
    }
    if (known || summary.status !== "closed") {
      this.#count(known && this.groupOf(known), this.groupOf(summary));
    }
    this.#arrivals += 1;
    const arrival = known?.arrival ?? (fromTop ? -this.#arrivals : this.#arrivals);
    this.#sessions.set(summary.name, { ...known, ...summary, arrival, heard: performance.now() });
    return known;
  }

  /**
   * The server's own list and counts, asked for at `since`: an open session it does not name has been closed, unless
   * there was news of it after the asking.
   */
  reconcile({ rows, counts }, since) {
    for (const row of rows) {
      this.put(row, { fromTop: false });
    }
    this.#counts = { ...counts };
    const named = new Set(rows.map(({ name }) => name));
    for (const [name, session] of this.#sessions) {
      if (!named.has(name) && session.status !== "closed") {
        if (session.heard < since) {
          this.#sessions.delete(name);
        } else {
          this.#count(undefined, this.groupOf(session));
        }
      }
    }
    // What is known by now may be newer than the server's list.
    rows.forEach((row) => this.#count(this.groupOf(row), this.groupOf(this.get(row.name))));
  }

  groupOf(session) {
    if (session.status === "closed" || session.status === "waiting") {
      return session.status;
    }
    return session.status === "staffed" && session.operator === this.me ? "mine" : "others";
  }

  /** {group: sessions in order} of what `view` shows and `search` finds. */
  groups(view, search = "") {
    const found = Object.fromEntries(GROUPS.map((group) => [group, []]));
    const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const session of this.#sessions.values()) {
      const group = this.groupOf(session);
      if (SHOWN[view].includes(group) && matches(session, words)) {
        found[group].push(session);
      }
    }
    found.waiting.sort(byNeed);
    found.mine.sort(byActivity);
    found.others.sort((one, other) => one.arrival - other.arrival);
    found.closed.sort(byActivity);
    return found;
  }

  /** How many sessions each view has, also of those that are not loaded. */
  counts() {
    return { ...this.#counts };
  }

  /** A session has come (from nowhere), gone or moved to another group. */
  #count(from, to) {
    for (const [view, groups] of Object.entries(SHOWN)) {
      this.#counts[view] += Number(groups.includes(to)) - Number(groups.includes(from));
    }
  }
}

/** Groups that a view has room for. */
export function shownGroups(view) {
  return SHOWN[view];
}

function matches(session, words) {
  const text = [session.name, session.customer, session.last_message, session.agent, session.operator]
    .join("\n")
    .toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

function byNeed(one, other) {
  return (
    (URGENCY[other.priority] ?? 1) - (URGENCY[one.priority] ?? 1) ||
    Date.parse(one.waiting_since) - Date.parse(other.waiting_since)
  );
}

function byActivity(one, other) {
  return Date.parse(other.last_event_at) - Date.parse(one.last_event_at);
}
