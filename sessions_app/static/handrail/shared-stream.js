/** One connection per browser, whatever the number of tabs. */

import { Leader } from "./leader.js";
import { Reading } from "./reading.js";

const TICK_MS = 1_000;
const LATE = 1.5;
const OVERDUE = 3;
const CONNECTED = new Set(["live", "degraded"]);
const CONNECTING = { name: "connecting", attempt: 0, seconds: 0, bus: "", reason: "", problem: null };

/**
 * Events as those of `SessionStream`. The tabs of one `scope` choose one among them that connects (a Web Lock), and it
 * tells the others what it hears (a BroadcastChannel); when it is closed or crashes, the next one goes on from where
 * they all are. Where there are no Web Locks, as on a plain http address other than localhost, each tab connects for
 * itself: there a browser's six connections are soon used up.
 *
 * Options: `scope` names what is shared: tabs that are different readers (two visitors, two workspaces) must have
 * different ones. `feed` adds the workspace's feed. With `session` and `ticket` it is one session's stream with a
 * ticket, as a customer's page needs it; without, it is `/events` with the session cookie. `base` and `workspace` as
 * in `SessionStream`.
 */
export class SharedStream extends EventTarget {
  #options;
  #id = crypto.randomUUID?.() ?? String(Math.random());
  #reading = new Reading(this);
  #state = CONNECTING;
  // The leader's last word on it.
  #told = CONNECTING;
  #leader = null;
  #channel = null;
  #timer = null;
  #leaving = null;
  // Which connection is on now, and which of this tab's sessions it carries from a place that suits this tab.
  #round = 0;
  #carried = new Set();
  #heardAt = 0;
  #heartbeatSeconds = 30;

  constructor({ scope, base = "/api/v1", workspace = "", feed = false, session, ticket }) {
    super();
    // Told from its beginning: the connection that is on may begin later.
    this.addEventListener("reset", ({ detail }) => this.watch(detail.session, 0));
    this.#options = { base, workspace, feed, session, ticket, name: `handrail:${base}:${workspace}:${scope}` };
  }

  get state() {
    return this.#state;
  }

  /** True in the tab that holds the connection. */
  get leads() {
    return this.#leader !== null;
  }

  open() {
    if (this.#timer !== null) {
      return;
    }
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#heardAt = Date.now();
    if (navigator.locks === undefined || globalThis.BroadcastChannel === undefined) {
      this.#standAlone();
      return;
    }
    this.#leaving = new AbortController();
    this.#watchSurroundings();
    this.#channel = new BroadcastChannel(this.#options.name);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    // Held as long as this tab lives, so that the leader knows who does.
    this.#hold(this.#tabLock(this.#id), () => this.#queue());
  }

  /** Leave. The tab that takes over, if this one led, goes on at once. */
  close() {
    if (this.#timer === null) {
      return;
    }
    clearInterval(this.#timer);
    this.#timer = null;
    this.#leave();
    this.dispatchEvent(new CustomEvent("ended", { detail: { problem: null } }));
  }

  /** Follow a session after a seq, beside what is followed already. */
  watch(session, after = 0) {
    this.#reading.follow(session, after);
    this.#carried.delete(session);
    this.#register();
  }

  unwatch(session) {
    this.#reading.leave(session);
    this.#carried.delete(session);
    this.#send({ kind: "keep", tab: this.#id, sessions: this.#reading.cursors() });
  }

  reconnect() {
    this.#send({ kind: "reconnect" });
  }

  cursor(session) {
    return this.#reading.cursor(session);
  }

  text(messageId, part = "message") {
    return this.#reading.text(messageId, part);
  }

  /** A lock is held until this tab leaves; `lost` is called when another one has stolen it. */
  #hold(name, held, { steal = false, lost = () => {} } = {}) {
    const { signal } = this.#leaving;
    navigator.locks
      .request(name, steal ? { steal } : { signal }, () => {
        held();
        return new Promise((release) => signal.addEventListener("abort", release));
      })
      .catch(() => signal.aborted || lost());
  }

  #queue(steal = false) {
    const lost = () => {
      this.#stopLeading();
      this.#queue();
    };
    this.#register();
    this.#hold(this.#options.name, () => this.#lead(() => this.#tabs()), { steal, lost });
  }

  /** Share nothing: where sharing is not to be had, and where the shared connection is full. */
  #standAlone() {
    this.#leave();
    this.#lead(async () => [this.#id]);
  }

  #leave() {
    this.#send({ kind: "bye", tab: this.#id });
    this.#leaving?.abort();
    this.#leaving = null;
    this.#stopLeading();
    this.#channel?.close();
    this.#channel = null;
  }

  #lead(alive) {
    this.#leader = new Leader(this.#options, { post: (message) => this.#tell(message), alive });
    this.#tell({ kind: "who" });
  }

  #stopLeading() {
    this.#leader?.close();
    this.#leader = null;
  }

  async #tabs() {
    const { held } = await navigator.locks.query();
    const prefix = this.#tabLock("");
    return held.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name.slice(prefix.length));
  }

  #tabLock(id) {
    return `${this.#options.name}:tab:${id}`;
  }

  /** To the leader, which may be this tab itself. */
  #send(message) {
    if (this.#leader !== null) {
      this.#serve(message);
    } else {
      this.#channel?.postMessage(message);
    }
  }

  /** To every tab, this one included. */
  #tell(message) {
    this.#channel?.postMessage(message);
    this.#receive(message);
  }

  #receive(message) {
    if (message.kind === "who") {
      this.#register();
    } else if (message.kind === "opened") {
      this.#compare(message);
    } else if (message.kind === "frame") {
      this.#take(message);
    } else if (message.kind === "state") {
      this.#heardAt = Date.now();
      this.#told = message.state;
      this.#show(message.state);
    } else if (this.#leader !== null) {
      this.#serve(message);
    }
  }

  #serve({ kind, tab, sessions }) {
    if (kind === "watch") {
      this.#leader.hear(tab, sessions);
    } else if (kind === "keep") {
      this.#leader.keep(tab, sessions);
    } else if (kind === "bye") {
      this.#leader.forget(tab);
    } else if (kind === "reconnect") {
      this.#leader.reconnect();
    } else if (kind === "poke") {
      this.#leader.poke();
    } else if (kind === "wake") {
      this.#leader.wake();
    }
  }

  #register() {
    this.#send({ kind: "watch", tab: this.#id, sessions: this.#reading.cursors() });
  }

  /**
   * A connection that begins behind this tab has everything for it. One that begins ahead of it was opened before the
   * leader knew of this tab: nothing of it is taken, for what lies between would be lost.
   */
  #compare({ round, sessions, full }) {
    if (full && Object.keys(this.#reading.cursors()).some((session) => !Object.hasOwn(sessions, session))) {
      this.#standAlone();
      return;
    }
    this.#round = round;
    const suits = ([session, after]) => this.#reading.follows(session) && after <= this.#reading.cursor(session);
    this.#carried = new Set(Object.entries(sessions).filter(suits).map(([session]) => session));
  }

  #take({ round, frame }) {
    this.#heardAt = Date.now();
    this.#show(this.#told);
    if (frame.type === "connected") {
      this.#heartbeatSeconds = frame.data.heartbeat_seconds ?? this.#heartbeatSeconds;
    }
    if (frame.type === "heartbeat") {
      const cursors = Object.entries(frame.data.cursors ?? {}).filter(([session]) => this.#carried.has(session));
      this.#reading.take({ ...frame, data: { ...frame.data, cursors: Object.fromEntries(cursors) } });
    } else if (round === this.#round && (this.#carried.has(frame.session) || !this.#concernsASession(frame))) {
      this.#reading.take(frame);
    }
  }

  /** The feed's frames have no place in a log: they are for every tab. */
  #concernsASession(frame) {
    return frame.session !== "" && !(frame.seq === null && frame.data.code === "session_changed");
  }

  #show(state) {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) {
      return;
    }
    this.#state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
    if (state.problem?.final) {
      this.dispatchEvent(new CustomEvent("ended", { detail: { problem: state.problem } }));
    }
  }

  #tick() {
    if (document.hidden || this.#leader !== null || this.#leaving === null) {
      return;
    }
    if (this.#state.name === "reconnecting") {
      this.#send({ kind: "poke" });
    }
    const silence = Date.now() - this.#heardAt;
    const interval = this.#heartbeatSeconds * 1000;
    if (silence > OVERDUE * interval && CONNECTED.has(this.#state.name)) {
      // A leader that hangs (in a print dialog, say) still holds its lock: somebody looks at this tab, so it takes over.
      this.#heardAt = Date.now();
      this.#queue(true);
    } else if (silence > LATE * interval && this.#state.name === "live") {
      this.#show({ ...this.#told, name: "degraded", reason: "late" });
    }
  }

  #watchSurroundings() {
    const options = { signal: this.#leaving.signal };
    document.addEventListener("visibilitychange", () => document.hidden || this.#send({ kind: "wake" }), options);
    // What was said while a tab was asleep may not have reached it.
    document.addEventListener("resume", () => this.#register(), options);
    addEventListener("pageshow", (event) => event.persisted && this.#register(), options);
    addEventListener("pagehide", () => this.#send({ kind: "bye", tab: this.#id }), options);
  }
}
