/** Who the customer is talking with, and what is going on, in one line each. */

// Whoever writes is shown to do so for so long after the last sign of it.
const TYPING_MS = 5000;

export class Serving {
  #standing;
  #line;
  #activity;
  #activityWords;
  #typist = "";
  #timer = null;

  constructor(standing) {
    this.#standing = standing;
    this.#line = document.getElementById("serving");
    this.#activity = document.getElementById("activity");
    this.#activityWords = document.getElementById("activity-words");
  }

  typing({ role, author }) {
    if (role === "operator") {
      this.#setTypist(author);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#setTypist("");
      }, TYPING_MS);
    }
  }

  /** Whoever has spoken writes no more. */
  spoken(role) {
    if (role === "operator") {
      this.#setTypist("");
    }
  }

  show() {
    const { status, operator } = this.#standing;
    this.#line.dataset.state = status;
    this.#line.textContent = this.#servedBy(status, operator);
    const words = this.#goingOn();
    this.#activity.hidden = words === null;
    this.#activityWords.textContent = words ?? "";
  }

  #setTypist(name) {
    this.#typist = name;
    this.show();
  }

  #servedBy(status, operator) {
    if (status === "closed") return gettext("This conversation has ended.");
    if (status === "waiting") return gettext("A colleague will be with you soon.");
    if (status === "staffed" && operator) return interpolate(gettext("You are talking with %s."), [operator]);
    if (status === "staffed") return gettext("A colleague is with you.");
    return gettext("The assistant answers.");
  }

  #goingOn() {
    if (this.#typist) return interpolate(ngettext("%s is writing…", "%s are writing…", 1), [this.#typist]);
    if (this.#standing.status !== "active" || this.#standing.speaking) return null;
    return {
      queued: gettext("The assistant is about to begin…"),
      working: gettext("The assistant is thinking…"),
    }[this.#standing.doing] ?? null;
  }
}
