/** One session in the queue. */

import { setText, showWhen, slot } from "../entries/slots.js";
import { showTime } from "../entries/times.js";
import { sessionAddress } from "./page.js";

/** `viewers` are the names of the other operators who look at it. */
export function updateRow(node, session, viewers) {
  node.dataset.key = session.name;
  node.dataset.status = session.status;
  node.dataset.priority = session.priority;
  slot(node, "link").href = sessionAddress(session.name);
  setText(node, "customer", session.customer || session.name);
  setText(node, "last_message", session.last_message);
  setText(node, "server", session.operator || session.agent);
  setText(node, "viewers", viewers.join(", "));
  slot(node, "viewers").title = viewers.length ? interpolate(gettext("Looking at it: %s"), [viewers.join(", ")]) : "";
  const status = slot(node, "status");
  status.dataset.status = session.status;
  showWhen(status, session.status);
  const priority = slot(node, "priority");
  priority.dataset.priority = session.priority;
  showWhen(priority, session.priority);
  showClock(slot(node, "time"), session);
  node.querySelector('[data-action="claim"]').hidden = session.status !== "waiting";
}

/** How long the customer has waited, counting; otherwise when something happened last. */
function showClock(element, session) {
  if (session.waiting_since) {
    showTime(element, session.waiting_since);
    element.dataset.since = session.waiting_since;
  } else {
    delete element.dataset.since;
    delete element.dataset.level;
    showTime(element, session.last_event_at);
  }
}
