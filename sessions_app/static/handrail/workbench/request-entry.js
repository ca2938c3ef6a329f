/** A permission request as the API tells it, in the shape of a transcript's entry. */

import { nameOf } from "../entries/names.js";

/** What is known of a request beyond the log: approvals so far, edits, a later end, who may decide. */
export function entryOf(request) {
  const decided = request.status !== "pending";
  return {
    kind: "permission",
    seq: 0,
    at: request.requested_at,
    request_id: request.id,
    permission_kind: request.kind,
    tool_call_id: request.tool_call_id,
    tool_name: request.tool_name,
    arguments: request.edited_arguments ?? request.arguments,
    risk_level: request.risk_level,
    reasoning: request.reasoning,
    policy: request.policy,
    status: decided ? "decided" : "pending",
    expires_at: request.expires_at,
    ...(decided && {
      outcome: request.status,
      decided_by: request.decided_by,
      decided_at: request.decided_at,
      role: request.role,
      reason: request.reason,
    }),
  };
}

/** "A supervisor decides · 1 of 2 approvals (olga) · arguments edited". */
export function termsOf(request) {
  const terms = [
    request.required_role === "supervisor" ? gettext("A supervisor decides") : gettext("An operator decides"),
  ];
  if (request.approvals_needed > 1) {
    const names = request.approvals.map(({ actor }) => nameOf(actor)).join(", ");
    const count = interpolate(gettext("%s of %s approvals"), [request.approvals.length, request.approvals_needed]);
    terms.push(names ? `${count} (${names})` : count);
  }
  if (request.escalated_at) {
    terms.push(gettext("nobody answered in time, now it is for supervisors"));
  }
  if (request.edited_arguments) {
    terms.push(gettext("the arguments were edited"));
  }
  return terms.join(" · ");
}

/** A transcript's entry of an open request in the API's shape: what the event says, before the API is asked. */
export function requestOf(entry, session) {
  return {
    id: entry.request_id,
    session,
    tool_call_id: entry.tool_call_id,
    tool_name: entry.tool_name,
    kind: entry.permission_kind,
    status: entry.outcome ?? "pending",
    arguments: entry.arguments,
    edited_arguments: null,
    reasoning: entry.reasoning,
    risk_level: entry.risk_level,
    policy: entry.policy,
    required_role: entry.required_role ?? "operator",
    approvals_needed: entry.approvals_needed ?? 1,
    approvals: [],
    requested_at: entry.at,
    expires_at: entry.expires_at,
    escalated_at: null,
    decided_at: null,
    decided_by: entry.decided_by ?? "",
    role: entry.role ?? "",
    reason: entry.reason ?? "",
  };
}
