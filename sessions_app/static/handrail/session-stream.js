/** Sessions, live: the client of Handrail's streams for a browser. */

import { eventsAddress, sessionAddress } from "./address.js";
import { Api } from "./api.js";
import { Connection } from "./connection.js";
import { Reading } from "./reading.js";

/**
 * One session: `new SessionStream({session, after})`. Several over one connection, with the session cookie:
 * `new SessionStream({sessions: {name: after}, feed: true})`. Nothing happens before `open`.
 *
 * Options beside those:
 *
 * - `base`: where the API is, "/api/v1";
 * - `workspace`: for members of several;
 * - `level`: what the default ticket shows, "customer", "operator" or "supervisor";
 * - `ticket`: async () => ({token}), asked before every connection. By default the ticket is fetched with the session
 *   cookie. When it throws an error whose `status` is 401, 403 or 404 the stream stops and shows it. `null`: no ticket
 *   but the session cookie itself.
 *
 * Dispatches what `Reading` lists, and `state` (see `Connection`) and `ended`: nothing more will come by itself,
 * because it was closed or refused; detail {problem}.
 */
export class SessionStream extends EventTarget {
  #reading = new Reading(this);
  #connection;
  #ticket;
  #single;
  #options;

  constructor({ session, after = 0, sessions, feed = false, base = "/api/v1", workspace = "", level, ticket }) {
    super();
    this.#single = session;
    this.#options = { base, feed, workspace };
    this.#ticket = session === undefined || ticket === null ? null : ticket ?? defaultTicket(this.#options, session, level);
    for (const [name, seq] of Object.entries(sessions ?? { [session]: after })) {
      this.#reading.follow(name, seq);
    }
    this.#connection = new Connection({
      address: () => this.#address(),
      onFrame: (frame) => this.#reading.take(frame),
      onState: (state) => this.#tell(state),
    });
  }

  get state() {
    return this.#connection.state;
  }

  open() {
    this.#connection.open();
  }

  /** For good, or until `open`, which goes on from the cursor. */
  close() {
    this.#connection.close();
    this.dispatchEvent(new CustomEvent("ended", { detail: { problem: null } }));
  }

  /** Try at once; what the button does when the stream is offline. */
  reconnect() {
    this.#connection.reconnect();
  }

  /** The seq that has been read. */
  cursor(session = this.#single) {
    return this.#reading.cursor(session);
  }

  /** What was said so far in a message, or thought, when `part` is "reasoning". */
  text(messageId, part = "message") {
    return this.#reading.text(messageId, part);
  }

  async #address() {
    const { base, feed, workspace } = this.#options;
    if (this.#single === undefined) {
      return eventsAddress(base, this.#reading.cursors(), { feed, workspace });
    }
    const token = this.#ticket === null ? "" : (await this.#ticket()).token;
    return sessionAddress(base, this.#single, { after: this.cursor(), token, workspace });
  }

  #tell(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
    if (state.problem?.final) {
      this.dispatchEvent(new CustomEvent("ended", { detail: { problem: state.problem } }));
    }
  }
}

function defaultTicket({ base, workspace }, session, level = "customer") {
  const api = new Api({ base, workspace });
  return () => api.post(`/sessions/${encodeURIComponent(session)}/stream-ticket`, { level });
}
