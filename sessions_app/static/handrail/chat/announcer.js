/** Tells people who listen instead of looking what was said: each message whole, once it is settled. */

const KEPT = 5;

export class Announcer {
  #region;

  constructor(region) {
    this.#region = region;
  }

  say(words) {
    const line = document.createElement("p");
    line.textContent = words;
    this.#region.append(line);
    while (this.#region.childElementCount > KEPT) {
      this.#region.firstElementChild.remove();
    }
  }

  /** The words for an event, if it is one that others than the reader have caused. */
  event({ type, data }) {
    const words = WORDS[type]?.(data);
    if (words) {
      this.say(words);
    }
  }
}

const WORDS = {
  message_completed: ({ role, author, text }) => (role === "customer" ? "" : `${speaker(role, author)} ${text}`),
  input_required: ({ question }) => `${gettext("A question for you")}: ${question}`,
  artifact: ({ title }) => interpolate(gettext("A document has come: %s"), [title]),
  handoff_requested: () => gettext("A person has been asked for. You can go on writing meanwhile."),
  handoff_accepted: ({ operator }) => interpolate(gettext("You are talking with %s."), [operator]),
  handoff_returned: () => gettext("The assistant is with you again."),
  tool_status: ({ status }) =>
    status === "waiting_permission" ? gettext("Waiting for a colleague's approval.") : "",
  run_failed: () => gettext("Something went wrong on our side, and there is no answer to this."),
  session_closed: () => gettext("This conversation has ended."),
};

function speaker(role, author) {
  return { agent: `${gettext("Assistant")}:`, operator: `${author}:` }[role] ?? "";
}
