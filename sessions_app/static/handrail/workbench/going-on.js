/** Whoever works by keyboard goes on from where they were, although what they pressed is gone. */

/** Put the focus on the first of `places` that can be seen, if what had it has vanished. */
export function goOn(places) {
  const now = document.activeElement;
  if (now && now !== document.body && now.checkVisibility()) {
    return;
  }
  places.find((place) => place?.isConnected && place.checkVisibility())?.focus();
}

/** All of a list from one of its places: that one, those after it, those before it from the nearest. */
export function from(place, all) {
  const here = all.indexOf(place);
  return [...all.slice(here), ...all.slice(0, here).reverse()];
}
