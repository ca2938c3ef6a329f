/** The queue's page: the store, kept up to date by the stream, and everything that shows it. */

import { localize } from "../entries/times.js";
import { polite } from "./announce.js";
import { claim, whyNot } from "./claiming.js";
import { startClock } from "./clock.js";
import { isConnected, openLive, summaryOf, whenConnected } from "./live.js";
import { me, page } from "./page.js";
import { paced } from "./paced.js";
import { bePresent, followPresence, showPeople } from "./presence.js";
import { listenInQueue } from "./queue-keys.js";
import { QueueList } from "./queue-list.js";
import { QueueRequests } from "./queue-requests.js";
import { fetchSnapshot } from "./queue-snapshot.js";
import { QueueStore } from "./queue-store.js";
import { showCounts } from "./queue-views.js";
import { toast } from "./toast.js";

// How often requests are asked for while no stream tells of them.
const WITHOUT_STREAM_MS = 15_000;
const search = document.getElementById("search");
const store = new QueueStore(me);
store.reconcile(page, 0);
const list = new QueueList(store, page);
const requests = new QueueRequests({
  changed: () => counted(),
  nameOf: (name) => store.get(name)?.customer ?? "",
});
let view = page.view;

function counted() {
  showCounts({ ...store.counts(), requests: document.getElementById("requests").childElementCount });
}

async function choose(wanted, { push = true } = {}) {
  view = wanted;
  for (const link of document.querySelectorAll("[data-view]")) {
    link.toggleAttribute("aria-current", false);
    if (link.dataset.view === view) {
      link.setAttribute("aria-current", "page");
      if (push) {
        history.pushState({ view }, "", link.href);
      }
    }
  }
  list.show({ view });
  if (view === "closed") {
    await readClosed();
  }
}

async function readClosed() {
  list.showReading("reading");
  try {
    await readAgain();
    list.showReading("read");
  } catch {
    list.showReading("failed"); // which offers to try again
  }
}

/** What the stream cannot tell: sessions that were closed while it was broken, and those closed long ago. */
async function readAgain() {
  const since = performance.now();
  const snapshot = await fetchSnapshot(view);
  store.reconcile(snapshot, since);
  list.plan();
  counted();
}

async function take(name) {
  const session = store.get(name);
  if (session?.status !== "waiting") {
    toast(whyNot(session));
    return;
  }
  const now = await claim(session);
  if (now) {
    store.put(now);
    list.plan();
    counted();
  }
}

const stream = openLive();
// A reading nobody asked for fails without a word: the header says how the connection is.
const askAgain = paced(() => requests.refresh().catch(() => {}));
stream.addEventListener("notice", ({ detail }) => {
  const summary = summaryOf(detail);
  if (!summary) {
    return;
  }
  const before = store.put(summary);
  if (summary.status === "waiting" && before && before.status !== "waiting") {
    polite(interpolate(gettext("%s waits for a person."), [summary.customer || summary.name]));
  }
  list.plan();
  counted();
  askAgain();
});
whenConnected(stream, () => {
  askAgain();
  if (view === "closed") {
    readClosed();
  } else {
    readAgain().catch(() => {}); // the server is away again: the next connection reads it
  }
});

document.querySelector(".views").addEventListener("click", (event) => {
  const link = event.target.closest("[data-view]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    choose(link.dataset.view);
  }
});
addEventListener("popstate", (event) => choose(event.state?.view ?? page.view, { push: false }));
document.querySelector(".queue-list").addEventListener("click", (event) => {
  const button = event.target.closest('[data-action="claim"]');
  if (button) {
    take(button.closest(".row").dataset.key);
  }
});
search.addEventListener("input", () => list.show({ search: search.value.trim() }));
document.querySelector('[data-action="read-closed"]').addEventListener("click", readClosed);
document.querySelector('[data-action="clear-search"]').addEventListener("click", () => {
  search.value = "";
  list.show({ search: "" });
  search.focus();
});
listenInQueue({ search, choose, claim: take, requests: document.getElementById("requests") });
localize(document);
startClock(page.sla);
list.plan();
bePresent(null);
followPresence(stream, (people) => {
  list.showViewers(people);
  showPeople(people);
});
askAgain();
setInterval(() => isConnected(stream.state) || askAgain(), WITHOUT_STREAM_MS);
stream.open();
