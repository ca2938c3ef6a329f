/** Who serves a session, and what this operator may do about it. Pure. */

/** "mine", "other" (another operator), "agent", "waiting" or "closed". */
export function standing(session, me) {
  if (session.status === "staffed") {
    return session.operator === me ? "mine" : "other";
  }
  return session.status === "active" ? "agent" : session.status;
}

/** {action: whether it is offered}. A supervisor may also act in a session that another one serves. */
export function offered(session, { name, role }, { running = false } = {}) {
  const stands = standing(session, name);
  const leads = stands === "mine" || (stands === "other" && role === "supervisor");
  return {
    accept: stands === "agent" || stands === "waiting",
    return: leads,
    transfer: leads,
    close: stands !== "closed",
    stop: running && stands !== "closed",
    reply: stands === "mine" || (stands === "other" && role === "supervisor"),
    note: stands !== "closed",
    guide: running && stands === "agent",
  };
}
