/** Taking a session over. The first operator wins; the others are told who it was. */

import { api, me, sessionPath } from "./page.js";
import { toast, toastError } from "./toast.js";
import { once } from "./under-way.js";

/** From the queue. Resolves to the session as it is now, whoever has it, or null. */
export async function claim(session) {
  const buttons = [...document.querySelectorAll('[data-action="claim"]')];
  const its = buttons.filter((button) => button.closest(".row")?.dataset.key === session.name);
  const now = await once(`claim ${session.name}`, its, () => accept(session.name));
  if (now && standsWithMe(now)) {
    toast(interpolate(gettext("%s is yours now."), [session.customer || session.name]), { tone: "good" });
  }
  return now;
}

/** Resolves to the session as it is now, whoever has it; null when that cannot be told. */
export async function accept(name) {
  try {
    return await api.post(sessionPath(name, "/accept"));
  } catch (error) {
    return error.code === "already_taken" ? tellWinner(name) : toastError(error);
  }
}

async function tellWinner(name) {
  try {
    const now = await api.get(sessionPath(name));
    toast(whyNot(now), { tone: "warn" });
    return now;
  } catch (error) {
    return toastError(error);
  }
}

/** What to tell somebody who would claim a session that nobody waits in. */
export function whyNot(session) {
  if (session?.status === "staffed") {
    return standsWithMe(session)
      ? gettext("You serve this session already.")
      : interpolate(gettext("%s serves this session."), [session.operator]);
  }
  switch (session?.status) {
    case "active":
      return gettext("Nobody waits in this session. Open it to take it over from the agent.");
    case "waiting":
      return gettext("Somebody was faster, but the session waits again. Try once more.");
    default:
      return gettext("This session is closed.");
  }
}

function standsWithMe({ status, operator }) {
  return status === "staffed" && operator === me;
}
