/** Why something was refused, in the reader's language. The API's own words are for programmers. */

const WORDS = {
  no_answer: () => gettext("The server does not answer. Check your connection and try again."),
  unauthenticated: () => gettext("This page is too old. Reload it to go on."),
  too_many: () => gettext("That was too much at once. Wait a minute, or go on with an open conversation."),
  session_closed: () => gettext("This conversation has ended."),
  session_busy: () => gettext("The assistant is still at work. Wait until it has answered."),
  message_taken: () => gettext("It is too late to withdraw this: the assistant has begun with it."),
  not_found: () => gettext("This conversation is no longer here."),
  unprocessable: () => gettext("This message cannot be sent as it is. Make it shorter or write it differently."),
  too_large: () => gettext("This message is too long."),
  conflict: () => gettext("That is not possible any more: something has changed meanwhile."),
};

export function explain(error) {
  const words = WORDS[error.code] ?? (() => gettext("That did not work. Try again in a moment."));
  return words();
}
