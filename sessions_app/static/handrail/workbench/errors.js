/** Why something was refused, in the operator's language. What only the API can tell follows in its own words. */

const WORDS = {
  no_answer: () => gettext("The server does not answer. Check your connection and try again."),
  unauthenticated: () => gettext("You are no longer logged in. Log in again, for example in another tab."),
  not_found: () => gettext("This is no longer here."),
  session_closed: () => gettext("This session is closed."),
  session_busy: () => gettext("The agent is still at work. Wait until it has answered, or stop it."),
  already_decided: () => gettext("Somebody has answered this already."),
  already_requested: () => gettext("A person has been asked for already."),
  already_taken: () => gettext("Somebody else serves this session."),
  not_yours: () => gettext("Somebody else serves this session."),
  not_staffed: () => gettext("Nobody serves this session. Take it over first."),
  run_ended: () => gettext("The agent has ended this work already."),
  already_approved: () => gettext("You have approved this already; somebody else has to agree."),
  arguments_changed: () => gettext("Somebody has changed the arguments. Look at them again."),
  unknown_agent: () => gettext("This session's agent is no longer there."),
  too_large: () => gettext("This is too long."),
  too_many: () => gettext("That was too much at once. Try again in a minute."),
};

const LEADS = {
  forbidden: () => gettext("You may not do this."),
  conflict: () => gettext("That is not possible any more: something has changed meanwhile."),
  unprocessable: () => gettext("This is not accepted as it is."),
};

/** An ApiError in words. */
export function explain({ code, status, detail }) {
  if (Object.hasOwn(WORDS, code)) {
    return WORDS[code]();
  }
  if (Object.hasOwn(LEADS, code)) {
    return `${LEADS[code]()} ${detail}`;
  }
  return status >= 500 ? gettext("The server has failed. Try again in a moment.") : detail;
}
