/** Answering a permission request. The first answer stands: whoever comes second is told at once who it was. */

import { nameOf } from "../entries/names.js";
import { asJson, setText, slot } from "../entries/slots.js";
import { differences, readArguments, showDifferences } from "./argument-diff.js";
import { ask } from "./dialogs.js";
import { api } from "./page.js";
import { toast, toastError } from "./toast.js";

const HOW = {
  approve: (request) => post(request, shownArguments(request)),
  run_again: (request) => post(request, { decision: "run_again" }),
  deny: (request) => withReason("deny", request),
  give_up: (request) => withReason("give_up", request),
  edit: withArguments,
  always: withGrant,
  done: withResult,
};
// The request is not what this page has shown: it has to be read anew.
const STALE = new Set(["already_decided", "arguments_changed"]);

/** Decide in one of the ways of HOW. Resolves to the request as it is now, or null when nothing was decided. */
export async function decide(how, request) {
  try {
    return await HOW[how](request);
  } catch (error) {
    if (STALE.has(error.code)) {
      return tellTruth(error, request);
    }
    toastError(error);
    return null;
  }
}

async function tellTruth(error, request) {
  const now = await api.get(`/permission-requests/${request.id}`);
  if (now.status === "pending") {
    toast(error.detail, { tone: "warn" });
  } else {
    const said = interpolate(gettext("%s has already answered: %s."), [nameOf(now.decided_by), outcomeWord(now.status)]);
    toast(said, { tone: "warn" });
  }
  return now;
}

/** An approval names the arguments once somebody has changed them: nobody approves what they have not seen. */
function shownArguments(request) {
  const edited = request.edited_arguments;
  return edited ? { decision: "approve", arguments: edited } : { decision: "approve" };
}

function post(request, body) {
  return api.post(`/permission-requests/${request.id}/decision`, body);
}

/** Send from a dialog; what is stale closes it. */
async function asked(id, request, fill, bodyOf) {
  let stale = null;
  const result = await ask(id, {
    fill: (dialog, fields) => {
      setText(dialog, "subject", `${request.tool_name} · ${request.session}`);
      fill(dialog, fields);
    },
    send: async (data) => {
      try {
        return await post(request, bodyOf(data));
      } catch (error) {
        if (!STALE.has(error.code)) {
          throw error;
        }
        stale = error;
        return null;
      }
    },
  });
  if (stale) {
    throw stale;
  }
  return result;
}

function withReason(decision, request) {
  return asked(decision, request, () => {}, (data) => ({ decision, reason: data.get("reason") }));
}

function withArguments(request) {
  const before = request.edited_arguments ?? request.arguments;
  return asked(
    "edit",
    request,
    (dialog, fields) => {
      fields.arguments.value = asJson(before) || "{}";
      fields.arguments.oninput = () => checkArguments(dialog, fields.arguments, before);
      checkArguments(dialog, fields.arguments, before);
    },
    (data) => ({
      decision: "approve",
      arguments: JSON.parse(data.get("arguments")),
      reason: data.get("reason"),
    }),
  );
}

function checkArguments(dialog, field, before) {
  const { value, problem } = readArguments(field.value);
  field.setAttribute("aria-invalid", String(Boolean(problem)));
  setText(dialog, "invalid", problem ?? "");
  dialog.querySelector('[type="submit"]').disabled = Boolean(problem);
  if (value) {
    showDifferences(slot(dialog, "diff"), differences(before, value));
  }
}

function withGrant(request) {
  return asked(
    "always",
    request,
    (dialog) => setText(dialog, "arguments", asJson(request.edited_arguments ?? request.arguments)),
    (data) => ({
      ...shownArguments(request),
      reason: data.get("reason"),
      grant: { scope: data.get("scope"), expires_in_seconds: Number(data.get("expiry")) },
    }),
  );
}

function withResult(request) {
  return asked("done", request, () => {}, (data) => ({
    decision: "done",
    result: jsonOrWords(data.get("result")),
    reason: data.get("reason"),
  }));
}

function jsonOrWords(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function outcomeWord(status) {
  return {
    approved: gettext("approved"),
    denied: gettext("denied"),
    expired: gettext("too late"),
    cancelled: gettext("no longer needed"),
    run_again: gettext("run again"),
    done: gettext("it was done"),
    give_up: gettext("given up"),
  }[status] ?? status;
}
