/** Where the focus goes when a permission request is decided: to the next that waits, else to what became of it. */

import { goOn } from "./going-on.js";

const WAITS = '.permission:has([data-slot="actions"]:not([hidden]))';

/**
 * Look around a card that may be about to go; call what is returned once it was decided. Cards get the focus, and not
 * their first button: a key pressed twice must not approve what nobody has read.
 */
export function rememberPlace(card) {
  const all = [...document.querySelectorAll(".permission")];
  const here = all.indexOf(card);
  return () => {
    const waiting = (one) => one.matches(WAITS);
    const places = [
      ...all.slice(here + 1).filter(waiting),
      card,
      ...all.slice(0, here).reverse().filter(waiting),
      document.getElementById("requests-title"),
    ];
    places.forEach((place) => place?.setAttribute("tabindex", "-1"));
    goOn(places);
  };
}
