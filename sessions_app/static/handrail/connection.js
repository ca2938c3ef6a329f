/** One EventSource that is kept open: its own reconnects, its watchdog, and the truth about its state. */

import { refusal } from "./refusal.js";

const TICK_MS = 250;
const WAITS_SECONDS = [1, 2, 4, 8, 16];
// How long an attempt may take before it counts as failed: a stopped server accepts connections and says nothing.
const ATTEMPT_MS = 15_000;
// A connection that has lived this long was a good one: its end is no failure, and the next try comes at once. One
// that ends sooner counts as failed, or a server that breaks at every start would be asked without pause.
const GOOD_MS = 5_000;
// Readers whose streams end together do not come back at the same moment.
const SPREAD_MS = 500;
const LATE = 1.5;
const DEAD = 2.5;

/**
 * Options: `address` makes the URL of the next attempt (async, asked anew each time); `onFrame` gets every event;
 * `onState` every new state; `heartbeatSeconds` holds until the server has said its own.
 *
 * A state is {name, attempt, seconds, bus, reason, problem}:
 *
 * - connecting: the first attempt;
 * - live: the server has said `connected` on this very connection, and has been heard in time since;
 * - degraded: connected, but `reason` "bus" (the server has no bus and looks into the log twice a second) or "late"
 *   (a heartbeat is late);
 * - reconnecting: `attempt` of 5 (0: an attempt that costs nothing, after a good connection) in `seconds`;
 * - offline: given up until `reconnect`, or until the browser is online or the tab visible again; `problem` {status,
 *   code, detail} says why. What was refused (401, 403, 404) waits for `reconnect` alone.
 *
 * EventSource's own reconnect is never used: it stops for good after a 204, 401 or 503, and it knows no new ticket.
 * All waiting is a time to be reached and not a timer that runs: timers of hidden tabs are slow, and `tick` may be
 * called by anybody who is awake.
 */
export class Connection {
  #address;
  #onFrame;
  #onState;
  #heartbeatSeconds;
  #source = null;
  #timer = null;
  #watched = null;
  #round = 0;
  #attempt = 0;
  #everConnected = false;
  #connectedAt = null;
  #heardAt = 0;
  #tryAt = null;
  #giveUpAt = null;
  #state = { name: "connecting", attempt: 0, seconds: 0, bus: "", reason: "", problem: null };

  constructor({ address, onFrame, onState, heartbeatSeconds = 30 }) {
    this.#address = address;
    this.#onFrame = onFrame;
    this.#onState = onState;
    this.#heartbeatSeconds = heartbeatSeconds;
  }

  get state() {
    return this.#state;
  }

  open() {
    if (this.#timer !== null) {
      return;
    }
    this.#timer = setInterval(() => this.tick(), TICK_MS);
    this.#watchSurroundings();
    this.reconnect();
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#watched?.abort();
    this.#hangUp();
    this.#tryAt = null;
  }

  /** Try now, and have all five tries again. */
  reconnect() {
    if (this.#timer === null) {
      this.open();
      return;
    }
    this.#attempt = 0;
    this.#say({ name: this.#everConnected ? "reconnecting" : "connecting" });
    this.#try();
  }

  /** Open the address anew because it has changed. A connection that was good stays live meanwhile. */
  renew() {
    if (this.#state.name === "offline") {
      this.reconnect();
    } else if (this.#timer !== null && this.#tryAt === null) {
      this.#try();
    }
  }

  /** Look at the clock. */
  tick() {
    if (this.#timer === null) {
      return;
    }
    const now = Date.now();
    if (this.#tryAt !== null) {
      if (now >= this.#tryAt) {
        this.#try();
      }
      const seconds = this.#tryAt === null ? 0 : Math.ceil((this.#tryAt - now) / 1000);
      this.#say({ name: "reconnecting", attempt: this.#attempt, seconds });
    } else if (this.#giveUpAt !== null) {
      if (now >= this.#giveUpAt) {
        this.#failed();
      }
    } else if (this.#connectedAt !== null) {
      this.#listen(now - this.#heardAt);
    }
  }

  /** Somebody looks, or the network is back: do not wait any longer. */
  wake() {
    if (this.#timer === null) {
      return;
    }
    if (this.#tryAt !== null || (this.#state.name === "offline" && !this.#state.problem?.final)) {
      this.reconnect();
    } else if (this.#connectedAt !== null && Date.now() - this.#heardAt > LATE * this.#heartbeatSeconds * 1000) {
      this.reconnect();
    }
  }

  async #try() {
    this.#hangUp();
    this.#tryAt = null;
    this.#giveUpAt = Date.now() + ATTEMPT_MS;
    const round = this.#round;
    let url;
    try {
      url = await this.#address();
    } catch (error) {
      if (round === this.#round) {
        this.#notAdmitted(error);
      }
      return;
    }
    if (round !== this.#round) {
      return; // closed, or begun anew meanwhile
    }
    const source = (this.#source = new EventSource(url));
    source.onmessage = (message) => this.#hear(JSON.parse(message.data));
    source.onerror = () => this.#broken(source, url);
  }

  #hear(frame) {
    this.#heardAt = Date.now();
    if (frame.type === "connected") {
      this.#connectedAt ??= this.#heardAt;
      this.#everConnected = true;
      this.#giveUpAt = null;
      this.#heartbeatSeconds = frame.data.heartbeat_seconds ?? this.#heartbeatSeconds;
    }
    if (this.#connectedAt !== null) {
      this.#sayConnected(frame.data.bus);
    }
    this.#onFrame(frame);
  }

  #sayConnected(bus) {
    const known = typeof bus === "string" && bus !== "" ? bus : this.#state.bus;
    const good = known === "redis" || known === "";
    this.#say({ name: good ? "live" : "degraded", reason: good ? "" : "bus", bus: known });
  }

  #listen(silence) {
    const interval = this.#heartbeatSeconds * 1000;
    if (silence > DEAD * interval) {
      this.#lost();
    } else if (silence > LATE * interval) {
      this.#say({ name: "degraded", reason: "late" });
    }
  }

  async #broken(source, url) {
    const answered = source.readyState === EventSource.CLOSED;
    if (this.#connectedAt !== null) {
      this.#lost();
      return;
    }
    // Closed before it began: the server has answered with a status that EventSource keeps to itself.
    this.#hangUp();
    const round = this.#round;
    const problem = answered ? await refusal(url) : null;
    if (round !== this.#round) {
      return;
    }
    if (problem?.final) {
      this.#stop(problem);
    } else {
      this.#failed();
    }
  }

  #notAdmitted(error) {
    if ([401, 403, 404].includes(error.status)) {
      this.#stop({ status: error.status, code: error.code, detail: error.detail, final: true });
    } else {
      this.#failed();
    }
  }

  /** A connection has ended. Nothing on the wire tells a browser whether that was on purpose. */
  #lost() {
    const good = this.#connectedAt !== null && Date.now() - this.#connectedAt >= GOOD_MS;
    this.#hangUp();
    if (!good || !navigator.onLine) {
      this.#failed();
      return;
    }
    this.#attempt = 0;
    this.#tryAt = Date.now() + Math.random() * SPREAD_MS;
    this.#say({ name: "reconnecting" });
  }

  #failed() {
    this.#hangUp();
    if (!navigator.onLine) {
      this.#stop({ status: 0, code: "browser_offline", detail: "This browser is offline.", final: false });
    } else if (this.#attempt >= WAITS_SECONDS.length) {
      this.#stop({ status: 0, code: "unreachable", detail: "The server does not answer.", final: false });
    } else {
      const wait = WAITS_SECONDS[this.#attempt++] * 1000 * (0.8 + 0.4 * Math.random());
      this.#tryAt = Date.now() + wait;
      this.#say({ name: "reconnecting", attempt: this.#attempt, seconds: Math.ceil(wait / 1000) });
    }
  }

  #stop(problem) {
    this.#hangUp();
    this.#tryAt = null;
    this.#say({ name: "offline", attempt: this.#attempt, problem });
  }

  #hangUp() {
    this.#round += 1;
    this.#connectedAt = null;
    this.#giveUpAt = null;
    if (this.#source !== null) {
      this.#source.onmessage = this.#source.onerror = null;
      this.#source.close();
      this.#source = null;
    }
  }

  #watchSurroundings() {
    this.#watched = new AbortController();
    const options = { signal: this.#watched.signal };
    addEventListener("online", () => this.wake(), options);
    addEventListener("offline", () => this.#failed(), options);
    // A page that may be restored from memory must not hold a connection there.
    addEventListener("pagehide", () => this.#hangUp(), options);
    addEventListener("pageshow", (event) => event.persisted && this.reconnect(), options);
    document.addEventListener("resume", () => this.wake(), options);
    document.addEventListener("visibilitychange", () => document.hidden || this.wake(), options);
  }

  #say(change) {
    const state = { attempt: 0, seconds: 0, bus: this.#state.bus, reason: "", problem: null, ...change };
    const before = this.#state;
    if (Object.keys(state).every((key) => state[key] === before[key])) {
      return;
    }
    this.#state = state;
    this.#onState(state);
  }
}
