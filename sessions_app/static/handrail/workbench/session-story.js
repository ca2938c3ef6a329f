/** The transcript of one session: the server's entries, then the stream's events and words, in the page's elements. */

import { TranscriptView } from "../entries/view.js";
import { entryKey, Transcript } from "../transcript.js";
import { polite, urgent } from "./announce.js";
import { tick } from "./clock.js";
import { settled } from "./deciding.js";
import { page } from "./page.js";
import { SessionRequests } from "./session-requests.js";

const SILENT = new Set(["draft_reply", "draft_failed", "session_changed"]);

export class SessionStory {
  #name = page.session.name;
  #transcript = new Transcript(page.entries);
  #view = new TranscriptView(document.getElementById("transcript"), { hide: ({ code }) => SILENT.has(code) });
  #requests = new SessionRequests(this.#view);
  #sticking;
  #outbox;

  constructor({ stream, sticking, outbox }) {
    this.#sticking = sticking;
    this.#outbox = outbox;
    stream.addEventListener("event", ({ detail }) => detail.session === this.#name && this.#take(detail));
    stream.addEventListener("text", ({ detail }) => {
      if (detail.session === this.#name) {
        this.#view.speak(detail.message_id, detail.part, detail.text);
      }
    });
    stream.addEventListener("reset", ({ detail }) => detail.session === this.#name && this.#clear());
  }

  /** Take the server's elements over: Markdown, the reader's clock, buttons. */
  begin() {
    this.#transcript.entries().forEach((entry) => this.#view.update(entry));
    this.#view.markDays();
    this.refreshRequests();
  }

  has(key) {
    return this.#transcript.get(key) !== undefined;
  }

  refreshRequests() {
    this.#requests.refresh();
  }

  /** An earlier part of the log: an entry that reaches into ours keeps what it said there. */
  prepend(nodes, entries) {
    const merged = entries
      .filter((entry) => entry.seq < (this.#transcript.entries()[0]?.seq ?? Infinity) || this.has(entryKey(entry)))
      .map((entry) => ({ ...entry, ...this.#transcript.get(entryKey(entry)), seq: entry.seq, at: entry.at }));
    const keys = new Set(merged.map(entryKey));
    const rest = this.#transcript.entries().filter((entry) => !keys.has(entryKey(entry)));
    this.#transcript = new Transcript([...merged, ...rest]);
    this.#view.prepend(nodes.filter((node) => keys.has(node.dataset.key)));
    merged.forEach((entry) => this.#view.update(entry));
    this.#view.markDays();
    this.refreshRequests();
  }

  #take(event) {
    for (const entry of this.#transcript.apply(event)) {
      const fresh = !this.#view.node(entryKey(entry));
      const node = this.#view.update(entry);
      if (node === null) {
        continue;
      }
      if (fresh) {
        this.#sticking.grew();
      }
      this.#after(event, entry);
    }
    if (event.type === "notice" && event.data.request_id) {
      this.refreshRequests();
    }
  }

  #after({ type }, entry) {
    if (type === "message_completed") {
      this.#outbox.arrived(entry.message_id);
      if (entry.role !== "operator") {
        polite(`${entry.author || entry.role}: ${entry.text}`);
      }
    } else if (type === "permission_request") {
      urgent(interpolate(gettext("The agent asks for permission: %s."), [entry.tool_name]));
    }
    if (type === "permission_cleared") {
      settled(entry.request_id);
    }
    if (entry.kind === "permission") {
      this.#requests.show(entry);
      tick(page.sla);
    }
  }

  #clear() {
    this.#transcript = new Transcript();
    this.#view.clear();
  }
}
