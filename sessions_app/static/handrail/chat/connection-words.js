/** A stream's state in words. */

const WORDS = {
  connecting: () => gettext("connecting…"),
  live: () => gettext("live"),
  degraded: ({ reason }) =>
    reason === "late" ? gettext("slow: nothing was heard for a while") : gettext("live, with short delays"),
  reconnecting: ({ seconds, attempt }) =>
    seconds > 0
      ? interpolate(
          ngettext(
            "reconnecting in %(seconds)s second (attempt %(attempt)s of 5)",
            "reconnecting in %(seconds)s seconds (attempt %(attempt)s of 5)",
            seconds,
          ),
          { seconds, attempt },
          true,
        )
      : gettext("reconnecting…"),
  offline: ({ problem }) =>
    problem?.code === "browser_offline" ? gettext("this device is offline") : gettext("not connected"),
};

export function connectionWords(state) {
  return WORDS[state.name](state);
}
