/** A session's page in the admin: the server's timeline, followed live. What is done here is done by its forms. */

import { Api, ApiError } from "../api.js";
import { Sticking } from "../entries/sticking.js";
import { localize } from "../entries/times.js";
import { TranscriptView } from "../entries/view.js";
import { SessionStream } from "../session-stream.js";
import { entryKey, Transcript } from "../transcript.js";
import { startClock } from "../workbench/clock.js";
import { showConnection } from "../workbench/connection-state.js";
import { paced } from "../workbench/paced.js";

const page = JSON.parse(document.getElementById("page").textContent);
const SILENT = new Set(["draft_reply", "draft_failed"]);
// What changes the facts above the timeline, or what can be done.
const FACTS = /^(status_change|session_closed|handoff_|run_)/;

const facts = document.getElementById("facts");
localize(document);
startClock(page.sla);
if (page.live) {
  follow();
}

function follow() {
  const sticking = new Sticking(document.getElementById("scroll"), document.getElementById("jump"));
  const transcript = new Transcript(page.entries);
  const view = new TranscriptView(document.getElementById("transcript"), { hide: ({ code }) => SILENT.has(code) });
  transcript.entries().forEach((entry) => view.update(entry));
  view.markDays();
  const stream = new SessionStream({ session: page.session, after: page.last_seq, ticket });
  const refresh = paced(showFacts);
  stream.addEventListener("event", ({ detail }) => {
    for (const entry of transcript.apply(detail)) {
      if (detail.type === "permission_cleared") {
        entry.decided_at = detail.timestamp;
      }
      const fresh = !view.node(entryKey(entry));
      const node = view.update(entry);
      if (node && fresh) {
        leadOn(node, entry);
        sticking.grew();
      }
    }
    if (FACTS.test(detail.type)) {
      refresh();
    }
  });
  stream.addEventListener("text", ({ detail }) => view.speak(detail.message_id, detail.part, detail.text));
  stream.addEventListener("reset", () => {
    transcript.clear();
    view.clear();
  });
  showConnection(stream);
  stream.open();
  sticking.toNewest();
}

/** Leave to follow the session. Whoever has been logged out meanwhile is led to the login page instead, which is no ticket. */
async function ticket() {
  const given = await new Api({ base: "" }).post(page.ticket);
  if (given === null) {
    throw new ApiError({ status: 401, code: "unauthenticated", detail: "You are logged out. Reload the page." });
  }
  return given;
}

/** Behind an entry that has a page of its own stands the way to it, as the server puts it. */
function leadOn(node, entry) {
  const way = page.ways[entry.kind];
  if (!way || !entry[way.key]) {
    return;
  }
  const link = document.createElement("a");
  link.href = way.address.replace(way.id, encodeURIComponent(entry[way.key]));
  link.textContent = way.label;
  const line = document.createElement("p");
  line.className = "way-on";
  line.append(link);
  node.after(line);
}

/** The server says what is true now, and what is offered; who has the keyboard on a button keeps it there. */
async function showFacts() {
  const answer = await fetch(page.facts).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    return;
  }
  const held = facts.contains(document.activeElement) ? document.activeElement.textContent : null;
  facts.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  localize(facts);
  if (held !== null) {
    [...facts.querySelectorAll("a, button")].find((one) => one.textContent === held)?.focus();
  }
}
