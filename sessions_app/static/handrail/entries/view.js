/** A transcript on the page: one element per entry, made from the page's templates and kept up to date. */

import { updateArtifact } from "./artifact.js";
import { Days } from "./days.js";
import { updateLine } from "./line.js";
import { speakMessage, updateMessage } from "./message.js";
import { updateNote } from "./note.js";
import { updatePermission } from "./permission.js";
import { speakReasoning, updateReasoning } from "./reasoning.js";
import { clone } from "./slots.js";
import { updateTool } from "./tool.js";
import { entryKey } from "../transcript.js";

const UPDATES = {
  message: updateMessage,
  reasoning: updateReasoning,
  tool: updateTool,
  permission: updatePermission,
  artifact: updateArtifact,
  operator_note: updateNote,
};

/**
 * `list` holds the entries the server has rendered, each with its `data-key`; `templates` maps a kind to its
 * <template>. An entry of a kind without a template has no place on this page.
 */
export class TranscriptView {
  #list;
  #templates;
  #nodes = new Map();
  #days;
  #hidden;

  constructor(list, { templates = templatesOf(document), hide = () => false } = {}) {
    this.#list = list;
    this.#days = new Days(list);
    this.#templates = templates;
    this.#hidden = hide;
    for (const node of list.querySelectorAll("[data-key]")) {
      this.#nodes.set(node.dataset.key, node);
    }
  }

  node(key) {
    return this.#nodes.get(key);
  }

  /** Show an entry as it is now; returns its element, null when it has none here. May be repeated. */
  update(entry) {
    const key = entryKey(entry);
    const template = this.#templates.get(entry.kind);
    if (!template || this.#hidden(entry)) {
      return null;
    }
    const node = this.#nodes.get(key) ?? this.#append(template, key, entry.at);
    node.dataset.at = entry.at;
    (UPDATES[entry.kind] ?? updateLine)(node, entry);
    return node;
  }

  #append(template, key, at) {
    const node = clone(template);
    node.dataset.key = key;
    node.dataset.at = at;
    node.classList.add("fresh");
    this.#nodes.set(key, node);
    this.#list.append(node);
    this.#days.added(node);
    return node;
  }

  /** The words so far of something that is being spoken. */
  speak(messageId, part, text) {
    const node = this.#nodes.get(`${part}:${messageId}`);
    if (node) {
      (part === "reasoning" ? speakReasoning : speakMessage)(node, text);
    }
  }

  /** Put entries of an earlier part of the log before the others. */
  prepend(nodes) {
    const fresh = nodes.filter((node) => !this.#nodes.has(node.dataset.key));
    fresh.forEach((node) => this.#nodes.set(node.dataset.key, node));
    this.#list.prepend(...fresh);
  }

  /** Mark the days of all entries; those of later ones mark themselves. */
  markDays() {
    this.#days.mark();
  }

  clear() {
    this.#nodes.clear();
    this.#days.clear();
    this.#list.replaceChildren();
  }
}

/** The page's templates, by kind of entry. */
export function templatesOf(root) {
  return new Map([...root.querySelectorAll("template[data-entry]")].map((one) => [one.dataset.entry, one]));
}
