/** The line above the transcript: who the session is with, how it stands, and what can be done about it. */

import { setText, showWhen, slot } from "../entries/slots.js";

const head = document.getElementById("session-head");
const serving = document.getElementById("serving");
const accept = document.getElementById("accept");

export function showHead(session, offers) {
  head.dataset.status = session.status;
  const status = slot(head, "status");
  status.dataset.status = session.status;
  showWhen(status, session.status);
  setText(head, "server", session.operator || session.agent);
  const priority = slot(head, "priority");
  priority.dataset.priority = session.priority;
  showWhen(priority, session.priority);
  showWaiting(slot(head, "waited"), session);
  slot(head, "actions").hidden = false;
  for (const name of ["return", "transfer", "close", "stop"]) {
    head.querySelector(`[data-action="${name}"]`).hidden = !offers[name];
  }
  setText(document.getElementById("side"), "operator", session.operator || "–");
}

/** Above the composer: who serves, when it is not this operator. */
export function showServing(session, offers, mine) {
  serving.hidden = mine;
  showWhen(serving, session.status);
  setText(serving, "operator", session.operator);
  accept.hidden = !offers.accept;
  showWhen(accept, session.status);
}

function showWaiting(element, { waiting_since: since }) {
  if (since) {
    element.dataset.since = since;
  } else {
    delete element.dataset.since;
    delete element.dataset.level;
    element.textContent = "";
  }
}
