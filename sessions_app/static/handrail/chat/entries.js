/** The conversation on the page: one element per entry, made by the server or from the page's templates. */

import { render } from "../markdown.js";
import { entryKey } from "../transcript.js";
import { slot, when, write, writeTime } from "./filling.js";

// As in sessions_app/views/customer_entries.py.
const STOPPED_BY = ["operator", "supervisor"];

export class Entries {
  #place;
  #templates = new Map();
  #elements = new Map();
  #questions = new Set();
  #phrases;
  #standing;
  #frame = null;
  #spoken = new Map();
  #changed;

  /** `changed` is called after the conversation has grown. */
  constructor(place, { phrases, standing, changed }) {
    this.#place = place;
    this.#phrases = phrases;
    this.#standing = standing;
    this.#changed = changed;
    for (const template of document.querySelectorAll("template[data-entry]")) {
      this.#templates.set(template.dataset.entry, template.content.firstElementChild);
    }
    for (const element of place.querySelectorAll("[data-key]")) {
      this.#elements.set(element.dataset.key, element);
    }
  }

  /** Show an entry as it is now. */
  show(entry) {
    if (entry.kind === "input_required") {
      this.#questions.add(entry.tool_call_id);
      this.#remove(`tool:${entry.tool_call_id}`);
    }
    const key = entryKey(entry);
    if (!this.#concernsThem(entry)) {
      this.#remove(key);
      return;
    }
    this.#fill(this.#elements.get(key) ?? this.#adopt(entry, key) ?? this.#make(entry.kind, key), entry);
    this.#changed();
  }

  /** Words as they are spoken: at most one rendering per frame, however fast they come. */
  speak(messageId, text) {
    this.#spoken.set(messageId, text);
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      for (const [id, words] of this.#spoken) {
        const element = this.#elements.get(`message:${id}`);
        if (element?.dataset.status === "speaking") {
          writeWords(slot(element, "text"), words);
        }
      }
      this.#spoken.clear();
      this.#changed();
    });
  }

  /** A message of the customer's that is on its way. Returns its key until the log has it. */
  showPending(text) {
    const key = `pending:${crypto.randomUUID()}`;
    const element = this.#make("message", key);
    this.#fillMessage(element, { role: "customer", status: "pending", text, at: new Date().toISOString() });
    this.#changed();
    return key;
  }

  /** The server has answered: from now on it is known as its message, unless the stream was faster. */
  settlePending(key, messageId) {
    const element = this.#elements.get(key);
    const known = this.#elements.get(`message:${messageId}`);
    if (element && known) {
      this.#remove(key);
    } else if (element) {
      this.#rename(element, key, `message:${messageId}`);
      this.#setState(element, "complete");
    }
  }

  failPending(key) {
    const element = this.#elements.get(key);
    if (element) {
      this.#setState(element, "failed");
    }
  }

  /** Take a message that was not sent off the page, and return its text. */
  takeBack(element) {
    const text = slot(element, "text").textContent;
    this.#remove(element.dataset.key);
    return text;
  }

  /** Which messages wait has changed. */
  refreshWaiting() {
    for (const [key, element] of this.#elements) {
      if (key.startsWith("message:") && ["complete", "waiting"].includes(element.dataset.status)) {
        const waits = this.#standing.waits(key.slice("message:".length));
        this.#setState(element, waits ? "waiting" : "complete");
      }
    }
  }

  phrase(toolName) {
    const words = toolName.split(/[\s_]+/).filter(Boolean).join(" ").toLowerCase();
    return this.#phrases[toolName] ?? words.charAt(0).toUpperCase() + words.slice(1);
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

  #make(kind, key) {
    const element = this.#templates.get(kind).cloneNode(true);
    element.dataset.key = key;
    this.#elements.set(key, element);
    this.#place.append(element);
    return element;
  }

  /** The customer's own message came back on the stream before its request was answered. */
  #adopt(entry, key) {
    if (entry.kind !== "message" || entry.role !== "customer") {
      return undefined;
    }
    const pending = [...this.#elements.values()].find(
      (element) => element.dataset.status === "pending" && slot(element, "text").textContent === entry.text,
    );
    if (pending) {
      this.#rename(pending, pending.dataset.key, key);
    }
    return pending;
  }

  #rename(element, before, after) {
    this.#elements.delete(before);
    this.#elements.set(after, element);
    element.dataset.key = after;
  }

  #remove(key) {
    this.#elements.get(key)?.remove();
    this.#elements.delete(key);
  }

  #fill(element, entry) {
    if (entry.kind === "message") {
      this.#fillMessage(element, entry);
    } else if (entry.kind === "tool") {
      this.#fillTool(element, entry);
    } else if (entry.kind === "artifact") {
      element.dataset.artifactKind = entry.artifact_kind;
      writeWords(slot(element, "content"), String(entry.content));
    } else if (entry.kind === "handoff_transferred") {
      slot(element, "to_somebody").hidden = !entry.to;
      slot(element, "to_nobody").hidden = Boolean(entry.to);
    }
    for (const name of ["title", "question", "operator", "to"]) {
      write(element, name, String(entry[name] ?? ""));
    }
    writeTime(element, entry.at);
  }

  #fillMessage(element, entry) {
    element.dataset.role = entry.role;
    when(element.querySelector(".who"), entry.role);
    write(element, "author", entry.role === "operator" ? entry.author : "");
    const text = slot(element, "text");
    if (entry.role === "customer") {
      text.textContent = entry.text;
    } else if (entry.text !== undefined) {
      writeWords(text, entry.text);
    }
    const waits = entry.status === "complete" && this.#standing.waits(entry.message_id);
    this.#setState(element, waits ? "waiting" : entry.status);
    writeTime(element, entry.at);
  }

  #setState(element, status) {
    element.dataset.status = status;
    const state = slot(element, "state");
    when(state, status);
    state.querySelector('[data-action="withdraw"]').hidden = status !== "waiting";
    state.querySelector('[data-action="send-again"]').hidden = status !== "failed";
  }

  #fillTool(element, entry) {
    const status = ["proposed", "approved"].includes(entry.status) ? "executing" : entry.status;
    element.dataset.status = status;
    write(element, "phrase", this.phrase(entry.tool_name));
    when(slot(element, "status"), status);
    const progress = slot(element, "progress");
    progress.hidden = !(status === "executing" && entry.progress);
    progress.value = entry.progress?.fraction ?? 0;
  }
}

function writeWords(place, text) {
  place.classList.add("markdown");
  place.replaceChildren(render(text));
}
