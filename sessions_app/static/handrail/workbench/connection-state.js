/** The truth about the connection, in words, in the header of every page. */

import { setHidden, setText, slot } from "../entries/slots.js";

/** Follow a stream's `state`, and let the button reconnect. */
export function showConnection(stream) {
  const place = slot(document, "connection");
  const button = place.querySelector('[data-action="reconnect"]');
  button.addEventListener("click", () => stream.reconnect());
  const show = (state) => {
    place.dataset.state = state.name;
    setText(place, "connection_words", words(state));
    // Whoever listens hears what has changed, and not the seconds.
    setText(place, "connection_state", words({ ...state, seconds: 0 }));
    place.title = state.problem?.detail ?? explanation(state);
    button.hidden = state.name !== "offline";
  };
  stream.addEventListener("state", (event) => show(event.detail));
  setHidden(document, "connection", false);
  show(stream.state);
}

export function words({ name, seconds, attempt }) {
  switch (name) {
    case "live":
      return gettext("Live");
    case "degraded":
      return gettext("Live, but slower");
    case "reconnecting":
      return seconds > 0
        ? interpolate(gettext("Reconnecting in %s s (%s of 5)"), [seconds, attempt])
        : gettext("Reconnecting…");
    case "offline":
      return gettext("Offline");
    default:
      return gettext("Connecting…");
  }
}

function explanation({ name, reason }) {
  if (name !== "degraded") {
    return "";
  }
  return reason === "late"
    ? gettext("The server has not been heard of for a while.")
    : gettext("The server's bus is away: news arrive twice a second, and nothing is lost.");
}
