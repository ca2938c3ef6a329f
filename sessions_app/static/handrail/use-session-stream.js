/** A session's stream as a React hook. React is handed in, so that this file needs no bundler and no copy of it. */

import { SessionStore } from "./session-store.js";

/**
 * `const useSessionStream = createUseSessionStream(React);` once, and in a component:
 *
 *     const { messages, permissionRequest, approve, send, isConnected } = useSessionStream({ session: "first" });
 *
 * Options are those of `SessionStream` for one session, and `api`, an `Api`. The stream is made anew when session,
 * base, workspace or level change; a `ticket` function may be another one at every render. Returns
 *
 * - messages: {message_id, role, author, text, status: "speaking" or "complete"}, with the words as they are spoken;
 * - toolStatus: the tool call that is going on, or else the last one; tools: all of them;
 * - permissionRequest: the oldest open one, for levels that may see it; permissionRequests: all open ones;
 * - status: of the session; connection: the stream's state; isConnected;
 * - send(text), approve(requestId?, {arguments, reason, grant}?), deny(requestId?, {reason}?): promises that are
 *   rejected with ApiError; reconnect().
 *
 * Needs React 18 or newer (useSyncExternalStore).
 */
export function createUseSessionStream(React) {
  return function useSessionStream(options) {
    const newest = React.useRef(options);
    newest.current = options;
    const { session, base, workspace, level } = options;
    const store = React.useMemo(() => {
      const { ticket } = newest.current;
      const asked = typeof ticket === "function" ? () => newest.current.ticket() : ticket;
      return new SessionStore({ ...newest.current, ticket: asked });
    }, [session, base, workspace, level]);
    const snapshot = React.useSyncExternalStore(store.subscribe, store.snapshot);
    const { send, approve, deny, reconnect } = store;
    return { ...snapshot, send, approve, deny, reconnect };
  };
}
