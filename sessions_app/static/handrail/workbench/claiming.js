/** Taking a session that waits. The first operator wins; the others are told who it was. */

import { api, me, sessionPath } from "./page.js";
import { toast, toastError } from "./toast.js";

/** Resolves to the session as it is now, whoever has it. */
export async function claim(session) {
  try {
    const now = await api.post(sessionPath(session.name, "/accept"));
    toast(interpolate(gettext("%s is yours now."), [session.customer || session.name]), { tone: "good" });
    return now;
  } catch (error) {
    if (error.name === "ApiError" && error.code === "already_taken") {
      toast(error.detail, { tone: "warn" });
      return api.get(sessionPath(session.name));
    }
    toastError(error);
    return null;
  }
}

/** What to tell somebody who would claim a session that nobody waits in. */
export function whyNot(session) {
  if (session?.status === "staffed") {
    return session.operator === me
      ? gettext("You serve this session already.")
      : interpolate(gettext("%s serves this session."), [session.operator]);
  }
  return session?.status === "active"
    ? gettext("Nobody waits in this session. Open it to take it over from the agent.")
    : gettext("This session is closed.");
}
