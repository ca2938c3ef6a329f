/** Answering a permission request. The first answer stands: whoever comes second is told at once who it was. */

import { nameOf } from "../entries/names.js";
import { leaveDialog, withArguments, withGrant, withReason, withResult } from "./decision-dialogs.js";
import { answer, approval, isStale, readAgain } from "./request-api.js";
import { toast, toastError } from "./toast.js";

const HOW = {
  approve: (request) => answer(request, approval(request)),
  run_again: (request) => answer(request, { decision: "run_again" }),
  deny: (request) => withReason("deny", request),
  give_up: (request) => withReason("give_up", request),
  edit: withArguments,
  always: withGrant,
  done: withResult,
};

/** Decide in one of the ways of HOW. Resolves to the request as it is now, or null when nothing was decided. */
export async function decide(how, request) {
  try {
    return await HOW[how](request);
  } catch (error) {
    if (isStale(error)) {
      return tellTruth(request);
    }
    toastError(error);
    return null;
  }
}

/** A request is open no more: who has a dialog open for it is told who was faster. */
export async function settled(requestId) {
  const request = leaveDialog(requestId);
  if (request) {
    await tellTruth(request).catch(toastError);
  }
}

async function tellTruth(request) {
  const now = await readAgain(request);
  toast(truth(now), { tone: "warn" });
  return now;
}

function truth({ status, decided_by: by }) {
  switch (status) {
    case "pending":
      return gettext("Somebody has changed the arguments. Look at them again.");
    case "expired":
      return gettext("The time for this request is over.");
    case "cancelled":
      return gettext("This request is no longer needed.");
    default:
      return interpolate(gettext("%s has already answered: %s."), [nameOf(by), outcomeWord(status)]);
  }
}

function outcomeWord(status) {
  return {
    approved: gettext("approved"),
    denied: gettext("denied"),
    run_again: gettext("run again"),
    done: gettext("it was done"),
    give_up: gettext("given up"),
  }[status] ?? status;
}
