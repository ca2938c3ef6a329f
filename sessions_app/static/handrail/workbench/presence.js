/** Where the operators are: this one is told to the server, the others are shown. */

import { api, me, page, sessionAddress } from "./page.js";
import { PresenceSeat } from "./presence-seat.js";

const BEAT_MS = 20_000;

/** Say where this operator is, as long as this window is the one they use. `session` is a name, null for the queue. */
export function bePresent(session) {
  const seat = new PresenceSeat(`${page.scope}:${me}`);
  const beat = () => {
    if (document.hidden) {
      seat.leave();
    } else if (seat.take()) {
      // A beat that is lost is made good by the next one.
      api.post("/presence", { session }).catch(() => {});
    }
  };
  beat();
  setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", beat);
  addEventListener("focus", beat);
}

/** Call `show` with the other operators, [{operator, session}], now and whenever somebody moves. */
export async function followPresence(stream, show) {
  let told = false;
  stream.addEventListener("presence", (event) => {
    told = true;
    show(others(event.detail.data.operators));
  });
  const first = await api.get("/presence").catch(() => ({ items: [] }));
  if (!told) {
    show(others(first.items));
  }
}

/** Fill the page's list with who is where; `place` says whether the session is shown. */
export function showPeople(people, { place = true } = {}) {
  const list = document.getElementById("presence");
  document.getElementById("presence-empty").hidden = people.length > 0;
  list.replaceChildren(...people.map((person) => line(person, place)));
}

function line({ operator, session }, place) {
  const made = document.createElement("li");
  made.className = "person";
  const name = document.createElement("b");
  name.textContent = operator;
  made.append(name);
  if (place && session) {
    const link = document.createElement("a");
    link.href = sessionAddress(session);
    link.textContent = session;
    made.append(" ", link);
  } else if (place) {
    made.append(" ", gettext("in the queue"));
  }
  return made;
}

function others(operators) {
  return operators.filter(({ operator }) => operator !== me);
}
