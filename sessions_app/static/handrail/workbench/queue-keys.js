/** The queue by keyboard: the focused row is the chosen one. */

import { listen } from "./shortcuts.js";

/** `views` in the order of their keys 1…4; `claim(name)` is called for the chosen row. */
export function listenInQueue({ search, choose, claim, requests }) {
  listen({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    c: () => {
      const row = chosen();
      if (row) {
        claim(row.dataset.key);
      }
    },
    r: () => requests.querySelector("button:not([hidden]), a")?.focus(),
    "/": () => {
      search.focus();
      search.select();
    },
    ...Object.fromEntries(["open", "waiting", "mine", "closed"].map((view, place) => [place + 1, () => choose(view)])),
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      search.blur();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      links()[0]?.focus();
    }
  });
}

function links() {
  return [...document.querySelectorAll(".group:not([hidden]) .row-link")];
}

function chosen() {
  return document.activeElement?.closest(".row");
}

function move(step) {
  const all = links();
  const here = all.indexOf(chosen()?.querySelector(".row-link"));
  const next = here === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}
