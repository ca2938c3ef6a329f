/** The list of ready answers above the field: one of them is chosen, or one line says why there are none. */

export class CannedList {
  #element;
  #field;
  #shown = [];
  #place = 0;

  /** `take(reply)` is called for one that is clicked. */
  constructor(element, field, take) {
    this.#element = element;
    this.#field = field;
    element.addEventListener("pointerdown", (event) => event.preventDefault());
    element.addEventListener("click", (event) => {
      const place = event.target.closest('[role="option"]')?.dataset.place;
      if (place) {
        take(this.#shown[Number(place)]);
      }
    });
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  get chosen() {
    return this.#shown[this.#place] ?? null;
  }

  show(replies) {
    this.#shown = replies;
    this.#place = 0;
    this.#draw();
  }

  move(step) {
    this.#place = (this.#place + step + this.#shown.length) % this.#shown.length;
    this.#draw();
  }

  say(words) {
    const line = document.createElement("li");
    line.className = "canned-none";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.textContent = words;
    this.#shown = [];
    this.#field.removeAttribute("aria-activedescendant");
    this.#element.replaceChildren(line);
    this.#element.hidden = false;
  }

  close() {
    this.#shown = [];
    this.#element.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  #draw() {
    this.#element.replaceChildren(...this.#shown.map((reply, place) => this.#option(reply, place)));
    this.#element.hidden = false;
    this.#field.setAttribute("aria-activedescendant", `canned-${this.#place}`);
  }

  #option({ shortcut, text }, place) {
    const made = document.createElement("li");
    made.id = `canned-${place}`;
    made.dataset.place = place;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", String(place === this.#place));
    const name = document.createElement("b");
    name.textContent = `/${shortcut}`;
    const words = document.createElement("span");
    words.textContent = text;
    made.append(name, " ", words);
    return made;
  }
}
