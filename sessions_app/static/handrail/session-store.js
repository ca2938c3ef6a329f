/** One session as a value that changes: what a component renders. */

import { Api } from "./api.js";
import { SessionStream } from "./session-stream.js";
import { Transcript, entryKey } from "./transcript.js";

const UNFINISHED = new Set(["proposed", "waiting_permission", "waiting_input", "approved", "executing"]);

/**
 * Follows a session from its first event. `snapshot` is the same object until something has changed, as React's
 * `useSyncExternalStore` wants it; the stream is open while somebody is subscribed.
 */
export class SessionStore {
  #stream;
  #api;
  #session;
  #transcript = new Transcript();
  // A copy of each entry, made anew when it changes: components compare by identity.
  #copies = new Map();
  #status = "";
  #connection;
  #listeners = new Set();
  #snapshot = null;

  constructor({ session, api, ...options }) {
    this.#session = session;
    this.#api = api ?? new Api({ base: options.base, workspace: options.workspace });
    this.#stream = new SessionStream({ session, ...options });
    this.#connection = this.#stream.state;
    this.#stream.addEventListener("event", ({ detail }) => this.#take(detail));
    this.#stream.addEventListener("text", ({ detail }) => this.#hear(detail));
    this.#stream.addEventListener("reset", () => this.#forget());
    this.#stream.addEventListener("state", ({ detail }) => {
      this.#connection = detail;
      this.#change();
    });
  }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#stream.open();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#stream.close();
      }
    };
  };

  snapshot = () => (this.#snapshot ??= this.#read());

  /** The same `idempotencyKey` says it once, however often it is sent. */
  send = (text, { idempotencyKey = "" } = {}) =>
    this.#api.post(`${this.#path()}/messages`, { text }, { idempotencyKey });

  /** Of `requestId`, or else of the oldest open request. `more` may hold arguments, reason and grant. */
  approve = (requestId, more = {}) => this.#decide(requestId, { ...more, decision: "approve" });

  deny = (requestId, more = {}) => this.#decide(requestId, { ...more, decision: "deny" });

  reconnect = () => this.#stream.reconnect();

  #decide(requestId, body) {
    const id = requestId ?? this.snapshot().permissionRequest?.request_id;
    if (id === undefined) {
      throw new Error("There is no open permission request.");
    }
    return this.#api.post(`/permission-requests/${id}/decision`, body);
  }

  #path() {
    return `/sessions/${encodeURIComponent(this.#session)}`;
  }

  #take(event) {
    if (event.type === "connected" || event.type === "status_change") {
      this.#status = event.data.status;
    } else if (event.type === "session_closed") {
      this.#status = "closed";
    }
    const changed = this.#transcript.apply(event);
    changed.forEach((entry) => this.#copies.set(entryKey(entry), copyOf(entry)));
    if (changed.length > 0 || event.type === "connected") {
      this.#change();
    }
  }

  #hear({ message_id: id, part, text, settled }) {
    const key = `message:${id}`;
    if (part === "message" && !settled && this.#copies.has(key)) {
      this.#copies.set(key, { ...this.#copies.get(key), text });
      this.#change();
    }
  }

  #forget() {
    this.#transcript.clear();
    this.#copies.clear();
    this.#change();
  }

  #change() {
    this.#snapshot = null;
    this.#listeners.forEach((listener) => listener());
  }

  #read() {
    const entries = [...this.#copies.values()];
    const tools = entries.filter(({ kind }) => kind === "tool");
    const permissionRequests = entries.filter(({ kind, status }) => kind === "permission" && status === "pending");
    return {
      messages: entries.filter(({ kind, status }) => kind === "message" && status !== "discarded"),
      toolStatus: tools.findLast(({ status }) => UNFINISHED.has(status)) ?? tools.at(-1) ?? null,
      tools,
      permissionRequest: permissionRequests[0] ?? null,
      permissionRequests,
      status: this.#status,
      connection: this.#connection,
      isConnected: this.#connection.name === "live" || this.#connection.name === "degraded",
    };
  }
}

function copyOf(entry) {
  return entry.kind === "message" ? { text: "", ...entry } : { ...entry };
}
