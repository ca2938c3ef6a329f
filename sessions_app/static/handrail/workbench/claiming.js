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

export function isMine(session) {
  return session.status === "staffed" && session.operator === me;
}
