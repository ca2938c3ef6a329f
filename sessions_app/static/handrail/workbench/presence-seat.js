/** Of an operator's windows one says where they are: the one they used last, or while that is silent any other. */

const SILENT_MS = 30_000;

export class PresenceSeat {
  #key;
  #window = crypto.randomUUID();

  /** `owner` is the operator in their workspace: all of their windows in this browser share the seat. */
  constructor(owner) {
    this.#key = `handrail-presence:${owner}`;
    addEventListener("pagehide", () => this.leave());
  }

  /** Whether this window may speak for the operator now. To be asked at each beat, which keeps the seat. */
  take() {
    const { taken, at } = JSON.parse(localStorage.getItem(this.#key)) ?? {};
    const free = taken === undefined || taken === this.#window || Date.now() - at > SILENT_MS;
    if (free || document.hasFocus()) {
      localStorage.setItem(this.#key, JSON.stringify({ taken: this.#window, at: Date.now() }));
      return true;
    }
    return false;
  }

  /** This window is seen no more: another one may have the seat at once. */
  leave() {
    const { taken } = JSON.parse(localStorage.getItem(this.#key)) ?? {};
    if (taken === this.#window) {
      localStorage.removeItem(this.#key);
    }
  }
}
