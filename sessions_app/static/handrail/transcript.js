/** Events folded into what a reader sees: the same entries as the server's own fold, sessions_app/transcript.py. */

// kind of entry, key of its identity, and what the event does to its status
const KEYED = {
  message_started: ["message", "message_id", "speaking"],
  message_completed: ["message", "message_id", "complete"],
  message_discarded: ["message", "message_id", "discarded"],
  reasoning_started: ["reasoning", "message_id", "speaking"],
  reasoning_completed: ["reasoning", "message_id", "complete"],
  tool_status: ["tool", "tool_call_id", null],
  tool_result: ["tool", "tool_call_id", null],
  permission_request: ["permission", "request_id", "pending"],
  permission_cleared: ["permission", "request_id", "decided"],
};
const KEYS = { message: "message_id", reasoning: "message_id", tool: "tool_call_id", permission: "request_id" };
// Events that stand for themselves, one entry each.
const PLAIN = new Set([
  "status_change",
  "session_closed",
  "handoff_requested",
  "handoff_accepted",
  "handoff_returned",
  "handoff_transferred",
  "operator_note",
  "artifact",
  "input_required",
  "notice",
  "error",
  "run_completed",
  "run_failed",
  "run_cancelled",
]);

/** The key under which an entry is known: `message:<id>`, `tool:<id>`, `notice:<seq>`. */
export function entryKey(entry) {
  return `${entry.kind}:${entry[KEYS[entry.kind]] ?? entry.seq}`;
}

/**
 * Begins with the entries of `GET /sessions/{session}/transcript` and goes on with a stream's events.
 *
 * Entries stand in the order in which each began, and are changed in place. Transient events change nothing, but for
 * `tool_progress`, which is put under `progress` of its tool: what is being spoken comes with a stream's `text`.
 */
export class Transcript {
  #entries = new Map();

  constructor(entries = []) {
    for (const entry of entries) {
      this.#entries.set(entryKey(entry), entry);
    }
  }

  entries() {
    return [...this.#entries.values()];
  }

  get(key) {
    return this.#entries.get(key);
  }

  clear() {
    this.#entries.clear();
  }

  /** Returns the entries it has changed: none or one. */
  apply(event) {
    if (event.type === "tool_progress") {
      return this.#progress(event.data);
    }
    if (event.seq === null) {
      return [];
    }
    if (Object.hasOwn(KEYED, event.type)) {
      const [kind, key, status] = KEYED[event.type];
      // A message and a thought are taken back alike, and say which they were.
      return [this.#change(event, event.data.part ?? kind, event.data[key] ?? event.seq, status)];
    }
    return PLAIN.has(event.type) ? [this.#change(event, event.type, event.seq, null)] : [];
  }

  #change(event, kind, id, status) {
    const key = `${kind}:${id}`;
    const own = { kind, seq: event.seq, at: event.timestamp, run: event.run };
    const entry = this.#entries.get(key) ?? { ...own };
    this.#entries.set(key, entry);
    for (const [name, value] of Object.entries(event.data)) {
      // An entry's own words come first: an artifact's `kind` becomes `artifact_kind`.
      entry[Object.hasOwn(own, name) ? `${kind}_${name}` : name] = value;
    }
    entry.last_seq = event.seq;
    if (status !== null) {
      entry.status = status;
    }
    return entry;
  }

  #progress({ tool_call_id: id, fraction, text }) {
    const entry = this.#entries.get(`tool:${id}`);
    if (!entry) {
      return [];
    }
    entry.progress = { fraction, text };
    return [entry];
  }
}
