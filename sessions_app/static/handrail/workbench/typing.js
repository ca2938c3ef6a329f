/** Who is writing: this operator is told to the others, the others are shown. */

import { nameOf } from "../entries/names.js";
import { api, me, page, sessionPath } from "./page.js";

const TELL_MS = 3_000;
const SHOW_MS = 5_000;

/** Tell that this operator writes to the customer, at most every three seconds. */
export function tellTyping() {
  const now = performance.now();
  if (now - (tellTyping.last ?? -TELL_MS) >= TELL_MS) {
    tellTyping.last = now;
    // Nobody misses one of these.
    api.post(sessionPath(page.session.name, "/typing")).catch(() => {});
  }
}

/** Show in `place` who writes in this session. */
export function showTyping(stream, place) {
  const writers = new Map();
  const draw = () => {
    const names = [...writers.keys()];
    place.hidden = names.length === 0;
    place.textContent = names.length
      ? interpolate(ngettext("%s is writing…", "%s are writing…", names.length), [names.join(", ")])
      : "";
  };
  const forget = (name) => {
    clearTimeout(writers.get(name));
    writers.delete(name);
    draw();
  };
  stream.addEventListener("typing", ({ detail }) => {
    const { role, author } = detail.data;
    if (detail.session !== page.session.name || nameOf(author) === me) {
      return;
    }
    const name = nameOf(author) || (role === "customer" ? gettext("The customer") : gettext("Somebody"));
    clearTimeout(writers.get(name));
    writers.set(name, setTimeout(() => forget(name), SHOW_MS));
    draw();
  });
  stream.addEventListener("message_completed", ({ detail }) => {
    if (detail.session === page.session.name) {
      [...writers.keys()].forEach(forget);
    }
  });
}
