/** The bar that says that the connection is lost. It counts down for the eyes alone; others hear what has changed. */

import { connectionWords } from "./connection-words.js";

export class Lost {
  #bar = document.getElementById("lost");
  #words = document.getElementById("lost-words");
  #spoken = document.getElementById("lost-state");
  #told = false;

  show(state) {
    const lost = state.name === "offline" || (state.name === "reconnecting" && state.attempt > 0);
    this.#bar.hidden = !lost;
    this.#bar.dataset.state = state.name;
    this.#words.textContent = connectionWords(state);
    const back = this.#told && ["live", "degraded"].includes(state.name);
    if (lost || back) {
      this.#speak(connectionWords({ ...state, seconds: 0 }));
      this.#told = lost;
    }
  }

  #speak(words) {
    if (this.#spoken.textContent !== words) {
      this.#spoken.textContent = words;
    }
  }
}
