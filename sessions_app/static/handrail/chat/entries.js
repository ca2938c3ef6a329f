/** The conversation on the page, as its customer sees it: what is shown, and what a message's state lets them do. */

import { updateArtifact } from "../entries/artifact.js";
import { updateLine } from "../entries/line.js";
import { clone, showWhen, slot } from "../entries/slots.js";
import { showMarkdown } from "../entries/words.js";
import { templatesOf } from "../entries/view.js";
import { entryKey } from "../transcript.js";
import { fillMessage, fillTool, setMessageState } from "./filling.js";

// As in sessions_app/views/customer_entries.py.
const STOPPED_BY = ["operator", "supervisor"];

export class Entries {
  #place;
  #templates = templatesOf(document);
  #elements = new Map();
  #questions = new Set();
  /** Messages of the customer's that the log has not confirmed, by their keys, and those shown as waiting. */
  #unsettled = new Map();
  #waiting = new Set();
  #phrases;
  #standing;
  #arrived;

  /**
   * `phrases` are what tools do, in words for customers; `standing` knows which messages wait; `arrived(key)` is called
   * with the idempotency key of a message that came on the stream.
   */
  constructor(place, { phrases, standing, arrived }) {
    this.#place = place;
    this.#phrases = phrases;
    this.#standing = standing;
    this.#arrived = arrived;
    for (const element of place.querySelectorAll("[data-key]")) {
      this.#elements.set(element.dataset.key, element);
    }
  }

  /** Show an entry as it is now. True when it is a new one. */
  show(entry) {
    if (entry.kind === "input_required") {
      this.#questions.add(entry.tool_call_id);
      this.#remove(`tool:${entry.tool_call_id}`);
    }
    const key = entryKey(entry);
    if (!this.#concernsThem(entry)) {
      this.#remove(key);
      return false;
    }
    const known = this.#elements.get(key) ?? this.#adopt(entry, key);
    this.#fill(known ?? this.#make(entry.kind, key, entry.seq), entry);
    return known === undefined;
  }

  /** The words so far of something that is being spoken. */
  speak(messageId, text) {
    const element = this.#elements.get(`message:${messageId}`);
    if (element?.dataset.status === "speaking") {
      showMarkdown(slot(element, "text"), text);
    }
  }

  /** A message of the customer's that is on its way, known by its idempotency key until the log has it. */
  showPending(text, idempotencyKey) {
    const key = pendingKey(idempotencyKey);
    const element = this.#make("message", key);
    this.#unsettled.set(key, element);
    this.#fillMessage(element, { role: "customer", status: "pending", text, at: new Date().toISOString() });
  }

  /** The server has answered: from now on it is known as its message, unless the stream was faster. */
  settlePending(idempotencyKey, { message_id: messageId, seq }) {
    const key = pendingKey(idempotencyKey);
    const element = this.#elements.get(key);
    if (element && this.#elements.has(`message:${messageId}`)) {
      this.#remove(key);
    } else if (element) {
      this.#rename(element, key, `message:${messageId}`, seq);
      this.#setState(element, "complete");
    }
  }

  /** False when the stream has brought it meanwhile. */
  failPending(idempotencyKey) {
    const element = this.#elements.get(pendingKey(idempotencyKey));
    if (element) {
      this.#setState(element, "failed");
    }
    return element !== undefined;
  }

  /** Take a message that was not sent off the page, and return its words and its idempotency key. */
  takeBack(element) {
    const { key } = element.dataset;
    this.#remove(key);
    return { text: slot(element, "text").textContent, key: key.slice(pendingKey("").length) };
  }

  /** Which messages wait may have changed: touches those alone, however long the conversation is. */
  refreshWaiting() {
    for (const element of [...this.#waiting]) {
      if (!this.#standing.waits(element.dataset.key.slice("message:".length))) {
        this.#setState(element, "complete");
      }
    }
    for (const id of this.#standing.waiting) {
      const element = this.#elements.get(`message:${id}`);
      if (element?.dataset.status === "complete") {
        this.#setState(element, "waiting");
      }
    }
  }

  #concernsThem(entry) {
    if (entry.kind === "run_cancelled") {
      return STOPPED_BY.includes(entry.by);
    }
    if (entry.kind === "tool" && this.#questions.has(entry.tool_call_id)) {
      return false;
    }
    const takenBack = entry.status === "discarded" && entry.role !== "customer";
    return this.#templates.has(entry.kind) && !takenBack;
  }

  #make(kind, key, seq = Infinity) {
    const element = clone(this.#templates.get(kind));
    element.dataset.key = key;
    this.#elements.set(key, element);
    this.#put(element, seq);
    return element;
  }

  /** In the log's order. What has no place in the log yet stands at the end, whatever else comes meanwhile. */
  #put(element, seq) {
    element.dataset.seq = seq;
    let before = null;
    let above = this.#place.lastElementChild;
    while (above && (above === element || Number(above.dataset.seq) > seq)) {
      before = above === element ? before : above;
      above = above.previousElementSibling;
    }
    this.#place.insertBefore(element, before);
  }

  /**
   * The customer's own message came back on the stream before its request was answered, or although it was not.
   *
   * Messages are sent one after the other, so that the first one under way is meant. Of several failed ones with the
   * same words nobody knows which one has arrived: they stay, and sending one again tells.
   */
  #adopt(entry, key) {
    if (entry.kind !== "message" || entry.role !== "customer") {
      return undefined;
    }
    const same = [...this.#unsettled.values()].filter((one) => slot(one, "text").textContent === entry.text);
    const known = same.find((one) => one.dataset.status === "pending") ?? (same.length === 1 ? same[0] : undefined);
    if (known) {
      this.#arrived(known.dataset.key.slice(pendingKey("").length));
      this.#rename(known, known.dataset.key, key, entry.seq);
    }
    return known;
  }

  #rename(element, before, after, seq) {
    this.#unsettled.delete(before);
    this.#elements.delete(before);
    this.#elements.set(after, element);
    element.dataset.key = after;
    this.#put(element, seq);
  }

  #remove(key) {
    const element = this.#elements.get(key);
    element?.remove();
    this.#waiting.delete(element);
    this.#unsettled.delete(key);
    this.#elements.delete(key);
  }

  #fill(element, entry) {
    if (entry.kind === "message") {
      this.#fillMessage(element, entry);
    } else if (entry.kind === "tool") {
      fillTool(element, entry, this.#phrases);
    } else if (entry.kind === "artifact") {
      updateArtifact(element, entry);
    } else {
      updateLine(element, entry);
      showWhen(element, entry.to ? "somebody" : "nobody");
    }
  }

  #fillMessage(element, entry) {
    fillMessage(element, entry);
    const waits = entry.status === "complete" && this.#standing.waits(entry.message_id);
    this.#setState(element, waits ? "waiting" : entry.status);
  }

  #setState(element, status) {
    setMessageState(element, status);
    this.#waiting[status === "waiting" ? "add" : "delete"](element);
  }
}

function pendingKey(idempotencyKey) {
  return `pending:${idempotencyKey}`;
}
