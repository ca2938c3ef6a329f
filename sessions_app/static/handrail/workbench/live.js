/** The one stream this browser has for all its tabs: the workspace's feed and the sessions that are watched. */

import { SharedStream } from "../shared-stream.js";
import { showConnection } from "./connection-state.js";
import { me, page } from "./page.js";

export function openLive() {
  const stream = new SharedStream({ scope: `${page.scope}:${me}`, workspace: page.workspace, feed: true });
  showConnection(stream);
  return stream;
}

/** A session's summary, when a frame of the feed is one. */
export function summaryOf({ type, data }) {
  return type === "notice" && data.code === "session_changed" ? data : null;
}

export function isConnected({ name }) {
  return name === "live" || name === "degraded";
}

/** Call `work` whenever the stream is connected: at first, and after each break. */
export function whenConnected(stream, work) {
  let connected = false;
  const look = (state) => {
    const now = isConnected(state);
    if (now && !connected) {
      work();
    }
    connected = now;
  };
  stream.addEventListener("state", (event) => look(event.detail));
  look(stream.state);
}
