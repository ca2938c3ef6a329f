/** Keeps the end of the conversation in sight, unless the reader has gone back to read. */

const NEAR = 48;

export class Ending {
  #scroll;
  #button;
  #following = true;

  constructor(scroll, button) {
    this.#scroll = scroll;
    this.#button = button;
    scroll.addEventListener("scroll", () => this.#moved(), { passive: true });
    button.addEventListener("click", () => this.go());
    // Fonts, pictures and the phone's keyboard change heights after the fact.
    new ResizeObserver(() => this.follow()).observe(scroll);
    new ResizeObserver(() => this.follow()).observe(scroll.querySelector(".transcript"));
    this.go();
  }

  go() {
    this.#following = true;
    this.follow();
  }

  /** Something was added. */
  follow() {
    if (this.#following) {
      this.#scroll.scrollTop = this.#scroll.scrollHeight;
    }
    this.#button.hidden = this.#following;
  }

  #moved() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#button.hidden = this.#following;
  }
}
