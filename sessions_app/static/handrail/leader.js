/** The one tab that holds the connection for all of them. */

import { eventsAddress, sessionAddress } from "./address.js";
import { Connection } from "./connection.js";

// Tabs that are opened together are taken up together.
const GATHER_MS = 60;
// What the server carries over one connection (STREAM_MAX_SESSIONS).
const MAX_SESSIONS = 50;
const CONNECTED = new Set(["live", "degraded"]);

/**
 * Carries what all tabs want over one connection, and posts {kind, …} to every tab:
 *
 * - `opened` {round, sessions: {name: after}, full}: what the connection that begins now carries, and from which seq;
 *   when it is full, whoever is missing has to connect for itself;
 * - `frame` {round, frame}: something it said;
 * - `state` {state}.
 *
 * A tab that joins makes it connect anew, from where the one that is least far wants to go on. `alive` tells the ids
 * of the tabs there are: whoever crashed did not say goodbye.
 */
export class Leader {
  #options;
  #post;
  #alive;
  #connection;
  #tabs = new Map();
  // How far the connection has come in each session, and where tabs that are not taken up yet want to begin.
  #places = new Map();
  #asked = new Map();
  #round = 0;
  #gathering = null;
  #opened = false;

  constructor(options, { post, alive }) {
    this.#options = options;
    this.#post = post;
    this.#alive = alive;
    this.#connection = new Connection({
      address: () => this.#address(),
      onFrame: (frame) => this.#pass(frame),
      onState: () => this.#tellState(),
    });
  }

  /** A tab says what it watches, and where it is: at first, when that changes, and when it may have missed something. */
  hear(tab, sessions) {
    this.#tabs.set(tab, Object.keys(sessions));
    for (const [session, after] of Object.entries(sessions)) {
      this.#asked.set(session, Math.min(after, this.#asked.get(session) ?? Infinity));
    }
    if (!CONNECTED.has(this.#connection.state.name)) {
      this.#tellState();
    }
    this.#gathering ??= setTimeout(() => this.#begin(), GATHER_MS);
  }

  /** A tab watches no more than these. The others are left out from the next connection on. */
  keep(tab, sessions) {
    this.#tabs.set(tab, Object.keys(sessions));
  }

  /** What a tab watched is left out from the next connection on. */
  forget(tab) {
    this.#tabs.delete(tab);
  }

  reconnect() {
    this.#connection.reconnect();
  }

  /** A tab that somebody looks at asks: this one's own timers may be slow. */
  poke() {
    this.#connection.tick();
  }

  wake() {
    this.#connection.wake();
  }

  close() {
    clearTimeout(this.#gathering);
    this.#connection.close();
  }

  async #begin() {
    this.#gathering = null;
    const alive = await this.#alive();
    for (const tab of this.#tabs.keys()) {
      if (!alive.includes(tab)) {
        this.#tabs.delete(tab);
      }
    }
    if (this.#watched().size === 0 && !this.#options.feed) {
      return;
    }
    if (this.#opened) {
      this.#connection.renew();
    } else {
      this.#opened = true;
      this.#connection.open();
    }
  }

  async #address() {
    const { base, workspace, feed, session, ticket } = this.#options;
    const token = ticket ? (await ticket()).token : "";
    const sessions = this.#settle();
    this.#round += 1;
    const full = this.#watched().size > MAX_SESSIONS;
    this.#post({ kind: "opened", round: this.#round, sessions, full });
    return session === undefined
      ? eventsAddress(base, sessions, { feed, workspace })
      : sessionAddress(base, session, { after: sessions[session] ?? 0, token, workspace });
  }

  #watched() {
    return new Set([...this.#tabs.values()].flat());
  }

  /** Where the next connection begins in each session: as far as the last one came, or as far back as a tab asks. */
  #settle() {
    const places = new Map();
    for (const session of [...this.#watched()].slice(0, MAX_SESSIONS)) {
      places.set(session, Math.min(this.#places.get(session) ?? Infinity, this.#asked.get(session) ?? Infinity));
    }
    this.#places = places;
    this.#asked.clear();
    return Object.fromEntries(places);
  }

  #pass(frame) {
    if (frame.seq !== null) {
      this.#advance(frame.session, frame.seq);
    } else if (frame.type === "heartbeat") {
      Object.entries(frame.data.cursors ?? {}).forEach(([session, seq]) => this.#advance(session, seq));
    } else if (frame.type === "connected" && frame.session && frame.data.last_seq < this.#places.get(frame.session)) {
      this.#places.set(frame.session, 0); // another log: the server tells it from its beginning
    }
    this.#post({ kind: "frame", round: this.#round, frame });
    if (frame.type === "connected") {
      this.#tellState(); // to a tab that has joined this is the moment from which it is live
    }
  }

  #tellState() {
    this.#post({ kind: "state", state: this.#connection.state });
  }

  #advance(session, seq) {
    if (this.#places.has(session)) {
      this.#places.set(session, Math.max(seq, this.#places.get(session)));
    }
  }
}
