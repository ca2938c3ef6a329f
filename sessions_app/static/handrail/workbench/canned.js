/** Ready answers in a reply: `/` at the beginning of a line lists them, further letters filter, Enter inserts. */

import { polite } from "./announce.js";
import { CannedList } from "./canned-list.js";
import { found, searched } from "./canned-search.js";
import { explain } from "./errors.js";
import { api } from "./page.js";

export class Canned {
  #field;
  #list;
  #language;
  #applies;
  #replies = null;
  #reading = null;
  #problem = "";
  // Where the words to look for begin, when the list was opened without a `/`.
  #from = null;

  /** `applies()` tells whether the field holds a reply. */
  constructor(field, { language, applies }) {
    this.#field = field;
    this.#language = language;
    this.#applies = applies;
    this.#list = new CannedList(document.getElementById("canned"), field, (reply) => this.#take(reply));
    field.addEventListener("input", () => this.#look());
    // Before the composer: Enter takes what is chosen, and sends nothing.
    field.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    field.addEventListener("blur", () => setTimeout(() => document.activeElement === field || this.close(), 150));
  }

  /** List them at the caret; what stands in the field stays. */
  open() {
    if (this.#applies()) {
      this.#field.focus();
      this.#from = this.#field.selectionEnd;
      this.#field.setSelectionRange(this.#from, this.#from);
      this.#look();
    }
  }

  close() {
    this.#list.close();
    this.#from = null;
    this.#problem = ""; // opened again, it is tried again
  }

  #search() {
    return searched(this.#field.value, this.#field.selectionEnd, this.#from);
  }

  async #look() {
    this.#show();
    if (this.#list.isOpen && !this.#replies && !this.#problem) {
      this.#reading ??= this.#read();
      await this.#reading;
      if (this.#list.isOpen) {
        this.#show();
      }
    }
  }

  async #read() {
    try {
      this.#replies = (await api.get("/canned-replies", { language: this.#language })).items;
    } catch (error) {
      if (error.name !== "ApiError") {
        throw error;
      }
      this.#problem = `${gettext("The canned replies cannot be read right now.")} ${explain(error)}`;
      polite(this.#problem);
    } finally {
      this.#reading = null;
    }
  }

  #show() {
    const search = this.#applies() ? this.#search() : null;
    if (!search) {
      this.close();
      return;
    }
    if (!this.#replies) {
      this.#list.say(this.#problem || gettext("Reading the canned replies…"));
      return;
    }
    const matching = found(this.#replies, search.words);
    if (matching.length > 0) {
      this.#list.show(matching);
    } else if (this.#from !== null && search.words) {
      this.close(); // whoever opened it goes on writing
    } else {
      this.#list.say(
        this.#replies.length === 0
          ? gettext("There are no canned replies yet. Supervisors write them in the admin.")
          : gettext("No canned reply matches."),
      );
    }
  }

  #press(event) {
    if (!this.#list.isOpen || event.isComposing) {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#list.chosen) {
      this.#list.move(step);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.#list.chosen) {
      this.#take(this.#list.chosen);
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key !== "Enter" || event.shiftKey || this.#replies) {
      return; // Enter is kept back while there is nothing to choose from yet
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #take(reply) {
    const { value, selectionEnd } = this.#field;
    const { start, end } = this.#search() ?? { start: selectionEnd, end: selectionEnd };
    const text = apart(value.slice(0, start).at(-1)) + reply.text + apart(value.at(end));
    this.close();
    this.#field.focus();
    this.#field.setRangeText(text, start, end, "end");
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** What keeps a reply apart from the letter beside it. */
function apart(letter = " ") {
  return /\s/.test(letter) ? "" : " ";
}
