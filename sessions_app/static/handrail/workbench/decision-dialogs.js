/** The decisions that need more than a click: a reason, other arguments, a scope, a result. */

import { asJson, setText, slot } from "../entries/slots.js";
import { differences, readArguments, showDifferences } from "./argument-diff.js";
import { ask } from "./dialogs.js";
import { answer, approval, isStale } from "./request-api.js";

// The request a dialog is open for, and whether its answer is on the way.
let open = null;

/** Close the dialog that is open for a request, unless its own answer is on the way. Returns the request, or null. */
export function leaveDialog(requestId) {
  if (open?.request.id !== requestId || open.sending) {
    return null;
  }
  const { request, dialog } = open;
  dialog.close();
  return request;
}

/** Send from a dialog; what is stale closes it. */
async function asked(id, request, fill, bodyOf) {
  let stale = null;
  const result = await ask(id, {
    fill: (dialog, fields) => {
      open = { request, dialog, sending: false };
      setText(dialog, "subject", `${request.tool_name} · ${request.session}`);
      fill(dialog, fields);
    },
    send: async (data) => {
      open.sending = true;
      try {
        return await answer(request, bodyOf(data));
      } catch (error) {
        if (!isStale(error)) {
          throw error;
        }
        stale = error;
        return null;
      } finally {
        open.sending = false;
      }
    },
  });
  open = null;
  if (stale) {
    throw stale;
  }
  return result;
}

export function withReason(decision, request) {
  return asked(decision, request, () => {}, (data) => ({ decision, reason: data.get("reason") }));
}

export function withArguments(request) {
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

export function withGrant(request) {
  return asked(
    "always",
    request,
    (dialog) => setText(dialog, "arguments", asJson(request.edited_arguments ?? request.arguments)),
    (data) => ({
      ...approval(request),
      reason: data.get("reason"),
      grant: { scope: data.get("scope"), expires_in_seconds: Number(data.get("expiry")) },
    }),
  );
}

export function withResult(request) {
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
