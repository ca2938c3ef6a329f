/** Ready answers in the composer: `/` lists them, further letters filter, arrows choose, Enter takes. */

import { api } from "./page.js";

const MOST = 8;

/** What the list shows for what stands in the field; null when it is not a search for an answer. */
export function found(replies, text) {
  if (!text.startsWith("/") || text.includes("\n")) {
    return null;
  }
  const words = text.slice(1).toLocaleLowerCase();
  const matching = replies.filter((reply) => `${reply.shortcut}\n${reply.text}`.toLocaleLowerCase().includes(words));
  const starts = ({ shortcut }) => (shortcut.toLocaleLowerCase().startsWith(words) ? 0 : 1);
  return matching.sort((one, other) => starts(one) - starts(other)).slice(0, MOST);
}

export class Canned {
  #field;
  #list;
  #language;
  #replies = null;
  #shown = [];
  #chosen = 0;

  constructor(field, list, language) {
    this.#field = field;
    this.#list = list;
    this.#language = language;
    field.addEventListener("input", () => this.look());
    // Before the composer: Enter takes what is chosen, and sends nothing.
    field.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) {
        this.#take(this.#shown[Number(option.dataset.place)]);
      }
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  async look() {
    if (!this.#field.value.startsWith("/")) {
      this.close();
      return;
    }
    this.#replies ??= (await api.get("/canned-replies", { language: this.#language })).items;
    const matching = found(this.#replies, this.#field.value);
    if (matching === null) {
      this.close();
      return;
    }
    this.#shown = matching;
    this.#chosen = 0;
    this.#draw();
  }

  close() {
    this.#list.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  #press(event) {
    if (!this.isOpen || event.isComposing) {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#shown.length > 0) {
      this.#chosen = (this.#chosen + step + this.#shown.length) % this.#shown.length;
      this.#draw();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.#shown.length > 0) {
      this.#take(this.#shown[this.#chosen]);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #take(reply) {
    this.#field.value = reply.text;
    this.close();
    this.#field.focus();
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #draw() {
    this.#list.hidden = false;
    if (this.#shown.length === 0) {
      const none = document.createElement("li");
      none.className = "canned-none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent =
        this.#replies.length === 0
          ? gettext("There are no canned replies yet. Supervisors write them in the admin.")
          : gettext("No canned reply matches.");
      this.#list.replaceChildren(none);
      return;
    }
    this.#list.replaceChildren(...this.#shown.map((reply, place) => this.#option(reply, place)));
    this.#field.setAttribute("aria-activedescendant", `canned-${this.#chosen}`);
  }

  #option({ shortcut, text }, place) {
    const made = document.createElement("li");
    made.id = `canned-${place}`;
    made.dataset.place = place;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", String(place === this.#chosen));
    const name = document.createElement("b");
    name.textContent = `/${shortcut}`;
    const words = document.createElement("span");
    words.textContent = text;
    made.append(name, " ", words);
    return made;
  }
}
