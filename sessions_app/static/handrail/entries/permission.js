/** An agent's question to a person, and what became of it. The buttons are the workbench's. */

import { nameOf } from "./names.js";
import { asJson, setHidden, setText, showWhen, slot } from "./slots.js";
import { showTime } from "./times.js";

export function updatePermission(node, entry) {
  node.dataset.status = entry.status;
  node.dataset.requestKind = entry.permission_kind ?? "";
  node.dataset.risk = entry.risk_level ?? "";
  setText(node, "tool_name", entry.tool_name);
  const risk = slot(node, "risk");
  risk.dataset.risk = entry.risk_level ?? "";
  showWhen(risk, entry.risk_level);
  showWhen(slot(node, "question"), entry.permission_kind);
  slot(node, "countdown").dataset.until = entry.expires_at ?? "";
  showTime(slot(node, "at"), entry.at);
  setText(node, "reasoning", entry.reasoning);
  setHidden(node, "reasoning", !entry.reasoning);
  setText(node, "arguments", asJson(entry.arguments));
  setText(node, "policy", entry.policy);
  if (entry.status !== "pending") {
    setHidden(node, "actions", true);
  }
  updateDecision(slot(node, "decision"), entry);
}

function updateDecision(place, entry) {
  place.hidden = !entry.outcome;
  place.dataset.outcome = entry.outcome ?? "";
  showWhen(slot(place, "outcome"), entry.outcome);
  setText(place, "decided_by", nameOf(entry.decided_by ?? ""));
  setText(place, "decider_role", entry.role);
  setText(place, "decision_reason", entry.reason);
  setHidden(place, "decision_reason", !entry.reason);
  if (entry.decided_at) {
    showTime(slot(place, "decided_at"), entry.decided_at);
  }
}
