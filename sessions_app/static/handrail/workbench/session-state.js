/** Who serves a session, and what this operator may do about it. Pure. */

/** "mine", "other" (another operator), "agent", "waiting" or "closed". */
export function standing(session, me) {
  if (session.status === "staffed") {
    return session.operator === me ? "mine" : "other";
  }
  return session.status === "active" ? "agent" : session.status;
}

/**
 * {action: whether it is offered}. A supervisor may also act in a session that another one serves; when that one is
 * no colleague any more, everybody may take it over.
 */
export function offered(session, { name, role }, { running = false, colleagues = [] } = {}) {
  const stands = standing(session, name);
  const leads = stands === "mine" || (stands === "other" && role === "supervisor");
  const gone = stands === "other" && !colleagues.includes(session.operator);
  return {
    accept: stands === "agent" || stands === "waiting" || gone,
    return: leads,
    transfer: leads,
    close: leads || stands === "agent" || stands === "waiting",
    stop: running && stands !== "closed",
    reply: leads,
    note: stands !== "closed",
    guide: running && stands === "agent",
  };
}
