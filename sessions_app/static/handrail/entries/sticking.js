/** A transcript that stays at its newest words while one reads there, and waits with a pill while one reads above. */

const NEAR_PX = 80;

export class Sticking {
  #area;
  #pill;
  #count;
  #unseen = 0;
  #sticks = true;

  /** `pill` is the button that leads to the newest entry, with a `data-slot="count"` for how many are new. */
  constructor(area, pill) {
    this.#area = area;
    this.#pill = pill;
    this.#count = pill.querySelector('[data-slot="count"]');
    area.addEventListener("scroll", () => this.#look(), { passive: true });
    pill.addEventListener("click", () => this.toNewest());
    const content = new ResizeObserver(() => this.#sticks && this.toNewest());
    content.observe(area);
    [...area.children].forEach((child) => content.observe(child));
  }

  /** Something new has come at the end. */
  grew() {
    if (!this.#sticks) {
      this.#unseen += 1;
      this.#show();
    }
  }

  toNewest() {
    this.#area.scrollTop = this.#area.scrollHeight;
    this.#sticks = true;
    this.#unseen = 0;
    this.#show();
  }

  /** Change what stands above without moving what is being read. */
  keepPlace(change) {
    const below = this.#area.scrollHeight - this.#area.scrollTop;
    change();
    this.#area.scrollTop = this.#area.scrollHeight - below;
  }

  #look() {
    const below = this.#area.scrollHeight - this.#area.clientHeight - this.#area.scrollTop;
    this.#sticks = below < NEAR_PX;
    if (this.#sticks) {
      this.#unseen = 0;
    }
    this.#show();
  }

  #show() {
    this.#pill.hidden = this.#sticks;
    if (this.#count) {
      this.#count.hidden = this.#unseen === 0;
      this.#count.textContent = String(this.#unseen);
    }
  }
}
