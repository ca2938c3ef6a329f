/** One session's page: the server's transcript, followed live, and everything an operator can do with it. */

import { Sticking } from "../entries/sticking.js";
import { localize } from "../entries/times.js";
import { bePresent, followPresence, showPeople } from "./presence.js";
import { startClock, tick } from "./clock.js";
import { Composer } from "./composer.js";
import { Canned } from "./canned.js";
import { Drafting } from "./drafting.js";
import { loadEarlier } from "./earlier.js";
import { EventLog } from "./event-log.js";
import { openLive, summaryOf, whenConnected } from "./live.js";
import { Outbox } from "./outbox.js";
import { paced } from "./paced.js";
import { api, me, page, sessionPath } from "./page.js";
import { ACTIONS, stop } from "./session-actions.js";
import { showHead, showServing } from "./session-head.js";
import { listenInSession } from "./session-keys.js";
import { SessionRuns } from "./session-runs.js";
import { offered, standing } from "./session-state.js";
import { SessionStory } from "./session-story.js";
import { letSideOpen } from "./side-panel.js";
import { toast } from "./toast.js";
import { showTyping, tellTyping } from "./typing.js";
import { once } from "./under-way.js";

const name = page.session.name;
let session = page.session;
const scroll = document.getElementById("scroll");
const sticking = new Sticking(scroll, document.getElementById("jump"));
const stream = openLive();
const outbox = new Outbox(name, document.getElementById("outbox"), (id) => story.has(`message:${id}`));
const story = new SessionStory({ stream, sticking, outbox });
const runs = new SessionRuns(() => showSession());
const refreshRuns = paced(() => runs.refresh().catch(() => {}));
const log = new EventLog(() => stream.cursor(name));
const composer = new Composer({ send, writes: (mode) => mode === "reply" && tellTyping() });
const canned = new Canned(composer.field, {
  language: session.language || document.documentElement.lang,
  applies: () => composer.mode === "reply",
});

async function send(mode, text) {
  if (mode === "reply") {
    outbox.send(text);
    sticking.toNewest();
  } else if (mode === "note") {
    await api.post(sessionPath(name, "/notes"), { text });
    sticking.toNewest();
  } else {
    await Promise.all(runs.unfinished.slice(-1).map((run) => api.post(`/runs/${run.id}/steer`, { text })));
    toast(gettext("The agent hears it at its next step."), { tone: "good" });
  }
}

/** A late answer says less than what the stream has told meanwhile: `last_seq` decides. */
function showSession(change) {
  if (change && change.last_seq < session.last_seq) {
    return;
  }
  if (change?.status === "closed" && session.status !== "closed") {
    toast(gettext("This session is closed."), { tone: "warn" });
  }
  session = change ? { ...session, ...change } : session;
  const offers = offered(session, page.viewer, { running: runs.unfinished.length > 0, colleagues: page.colleagues });
  showHead(session, offers);
  showServing(session, offers, standing(session, me) === "mine");
  composer.offer(offers);
  tick(page.sla);
}

async function act(action) {
  const buttons = document.querySelectorAll(`main [data-action="${action}"]`);
  const now = await once(action, buttons, () => (action === "stop" ? stop(runs.unfinished) : ACTIONS[action]()));
  if (now && now.status) {
    showSession(now);
    // Whoever has begun to write meanwhile goes on where they are.
    if (action === "accept" && standing(session, me) === "mine" && document.activeElement !== composer.field) {
      composer.focus("reply");
    }
  }
}

document.addEventListener("click", (event) => {
  const action = event.target.closest?.("[data-action]")?.dataset.action;
  if (action === "stop" || Object.hasOwn(ACTIONS, action ?? "")) {
    act(action);
  } else if (action === "canned") {
    canned.open();
  }
});

stream.addEventListener("notice", ({ detail }) => {
  const summary = summaryOf(detail);
  if (summary?.name === name) {
    showSession(summary);
  }
});
stream.addEventListener("event", ({ detail }) => {
  if (detail.session !== name) {
    return;
  }
  log.take(detail);
  if (detail.type.startsWith("run_")) {
    refreshRuns();
  }
});
whenConnected(stream, async () => {
  refreshRuns();
  story.refreshRequests();
  const now = await api.get(sessionPath(name)).catch(() => null);
  if (now) {
    showSession(now);
  }
});

new Drafting(stream, document.querySelector('[data-action="draft"]'), (text) => composer.draft(text));
showTyping(stream, document.getElementById("typing"));
loadEarlier((nodes, entries) => sticking.keepPlace(() => story.prepend(nodes, entries)));
letSideOpen();
listenInSession({ composer, canned, act, sticking });
localize(document);
story.begin();
showSession();
startClock(page.sla);
bePresent(name);
followPresence(stream, (people) => {
  showPeople(people.filter((person) => person.session === name), { place: false });
});
stream.watch(name, page.last_seq);
stream.open();
sticking.toNewest();
