/** A session by keyboard. */

import { queueAddress } from "./page.js";
import { listen } from "./shortcuts.js";

export function listenInSession({ composer, canned, act, sticking }) {
  listen({
    r: () => composer.focus("reply"),
    n: () => composer.focus("note"),
    "/": () => {
      composer.focus("reply");
      canned.open();
    },
    t: () => press("accept", act),
    b: () => press("return", act),
    p: () => nextRequest(),
    g: () => sticking.toNewest(),
    q: () => location.assign(queueAddress()),
  });
}

/** Only what is offered right now. */
function press(action, act) {
  if (!document.querySelector(`[data-action="${action}"]`).hidden) {
    act(action);
  }
}

function nextRequest() {
  const open = [...document.querySelectorAll('.permission[data-status="pending"] [data-slot="actions"]:not([hidden])')];
  const here = open.findIndex((actions) => actions.contains(document.activeElement));
  const next = open[(here + 1) % open.length];
  const buttons = [...(next?.querySelectorAll("button") ?? [])];
  buttons.find((button) => button.offsetParent !== null)?.focus();
}
