/** One reader's place in its sessions: makes of frames what a page listens to, each durable event exactly once. */

import { Texts } from "./text.js";

const PARTS = { message_chunk: "message", reasoning_chunk: "reasoning" };

/**
 * Dispatches on its `target`, for each frame that is news:
 *
 * - `event` and an event named after the wire type, detail {seq, type, session, run, timestamp, data};
 * - `text`, detail {session, message_id, part, text, settled}: the text so far of something that is being spoken;
 * - `reset`, detail {session}: the log is not the one this reader knew and is told from its beginning.
 *
 * Seqs may have gaps: an event that is not for this reader is left out. So only a seq that was passed already is news
 * no more; that nothing is missing on one connection is the server's promise.
 */
export class Reading {
  #target;
  #cursors = new Map();
  #texts = new Map();

  constructor(target) {
    this.#target = target;
  }

  /** Begin or go on after a seq. */
  follow(session, after) {
    this.#cursors.set(session, after);
    if (!this.#texts.has(session)) {
      this.#texts.set(session, new Texts());
    }
  }

  leave(session) {
    this.#cursors.delete(session);
    this.#texts.delete(session);
  }

  follows(session) {
    return this.#cursors.has(session);
  }

  cursor(session) {
    return this.#cursors.get(session) ?? 0;
  }

  /** {name: seq} of every session that is followed. */
  cursors() {
    return Object.fromEntries(this.#cursors);
  }

  text(messageId, part) {
    for (const texts of this.#texts.values()) {
      const text = texts.text(messageId, part);
      if (text) {
        return text;
      }
    }
    return "";
  }

  take(frame) {
    if (frame.type === "connected") {
      this.#compare(frame);
    } else if (frame.type === "heartbeat") {
      this.#advance(frame.data.cursors ?? {});
    }
    if (frame.seq !== null) {
      if (frame.seq <= this.cursor(frame.session)) {
        return;
      }
      this.#cursors.set(frame.session, frame.seq);
    }
    this.#say("event", frame);
    this.#say(frame.type, frame);
    this.#assemble(frame);
  }

  /** A log that is shorter than what was read is another log: a database was restored or made anew. */
  #compare({ session, data }) {
    if (session && data.last_seq < this.cursor(session)) {
      this.#cursors.set(session, 0);
      this.#texts.get(session)?.clear();
      this.#say("reset", { session });
    }
  }

  /** Heartbeats count events that this reader may not see, too: the next replay is shorter by those. */
  #advance(cursors) {
    for (const [session, seq] of Object.entries(cursors)) {
      if (this.#cursors.has(session) && seq > this.cursor(session)) {
        this.#cursors.set(session, seq);
      }
    }
  }

  #assemble({ type, session, data }) {
    const texts = this.#texts.get(session);
    if (!texts || !data.message_id) {
      return;
    }
    const id = data.message_id;
    if (type in PARTS) {
      const text = texts.add(id, PARTS[type], data.offset, data.text);
      if (text !== null) {
        this.#say("text", { session, message_id: id, part: PARTS[type], text, settled: false });
      }
    } else if (type === "message_started" || type === "reasoning_started") {
      texts.start(id, type === "message_started" ? "message" : "reasoning");
    } else if (type === "message_completed" || type === "reasoning_completed") {
      const part = type === "message_completed" ? "message" : "reasoning";
      texts.settle(id, part, data.text);
      this.#say("text", { session, message_id: id, part, text: data.text, settled: true });
    } else if (type === "message_discarded") {
      texts.discard(id, data.part ?? "message");
    }
  }

  #say(name, detail) {
    this.#target.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
