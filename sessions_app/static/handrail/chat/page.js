/** The chat page: puts its parts together. What the server has rendered is taken up where it ends. */

import { Sticking } from "../entries/sticking.js";
import { Transcript } from "../transcript.js";
import { Announcer } from "./announcer.js";
import { bookmark } from "./bookmark.js";
import { Buttons } from "./buttons.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Entries } from "./entries.js";
import { Lost } from "./lost.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Serving } from "./serving.js";
import { Standing } from "./standing.js";
import { Unsent } from "./unsent.js";
import { VisitorApi } from "./visitor-api.js";

const byId = (id) => document.getElementById(id);
const config = JSON.parse(byId("chat-config").textContent);
const standing = new Standing();
const transcript = new Transcript();
const unsent = new Unsent(config.session?.name ?? null);
const entries = new Entries(byId("transcript"), {
  phrases: config.phrases,
  standing,
  arrived: (key) => unsent.settle(key),
});
const serving = new Serving(standing);
const panel = new Panel(byId("panel"), byId("panel-toggle"));
const announcer = new Announcer(byId("polite"));
const composer = new Composer(byId("composer"), { send, typing, keep: (text) => unsent.write(text) });
const complain = (words) => composer.complain(words);
const buttons = new Buttons(complain);
const lost = new Lost();
// The first screen is read from its beginning, a conversation from its end.
let sticking = null;

for (const event of config.events) {
  panel.event(event);
  standing.take(event);
  transcript.apply(event);
}
if (config.session) {
  standing.status = config.session.status;
}
for (const entry of transcript.entries()) {
  entries.show(entry);
}

const conversation = new Conversation(new VisitorApi(config.visitor.token, "/visitor-token"), {
  session: config.session?.name ?? null,
  after: config.last_seq,
  language: config.language,
  listen,
});
const outbox = new Outbox({ say, entries, unsent, complain });
composer.put(unsent.draft);
if (outbox.resume()) {
  showConversation();
}
refresh();

function listen(stream, name) {
  bookmark(name);
  unsent.begin(name);
  showConversation();
  stream.addEventListener("event", ({ detail }) => take(detail));
  stream.addEventListener("text", ({ detail }) => {
    if (detail.part === "message" && !detail.settled) {
      entries.speak(detail.message_id, detail.text);
    }
  });
  stream.addEventListener("state", ({ detail }) => {
    panel.connection(detail);
    lost.show(detail);
  });
  // The log is another than the one this page was made from.
  stream.addEventListener("reset", () => location.reload());
}

function take(event) {
  if (event.type !== "heartbeat") {
    panel.event(event);
  }
  if (event.type === "typing") {
    serving.typing(event.data);
  } else if (event.type === "message_completed") {
    serving.spoken(event.data.role);
  }
  standing.take(event);
  for (const entry of transcript.apply(event)) {
    if (entries.show(entry)) {
      sticking?.grew();
    }
  }
  announcer.event(event);
  // What is not in the log, such as a chunk, changes nothing about how things stand.
  if (event.seq !== null) {
    refresh();
  }
}

function refresh() {
  entries.refreshWaiting();
  serving.show();
  const open = standing.status !== "closed";
  composer.show(open);
  composer.placeholder(standing.doing === "input" ? gettext("Your answer…") : gettext("Write a message…"));
  byId("ended").hidden = open;
  byId("end").hidden = !open || conversation?.name === null;
  byId("ask-person").hidden = standing.status !== "active";
  panel.facts({
    session: conversation.name,
    status: standing.status,
    run: standing.run,
    doing: standing.doing,
    seq: conversation.seq || config.last_seq,
  });
}

function showConversation() {
  byId("welcome").hidden = true;
  sticking ??= new Sticking(byId("scroll"), byId("to-end"));
  sticking.toNewest();
}

function send(text) {
  outbox.send(text);
  showConversation();
}

async function say(text, key) {
  const said = await conversation.say(text, key);
  refresh();
  return said;
}

function typing() {
  if (conversation.name !== null && standing.status !== "closed") {
    // Nothing is lost with it: the next one comes in three seconds.
    conversation.typing().catch(() => {});
  }
}

byId("ask-person").addEventListener("click", ({ currentTarget }) => {
  buttons.press(currentTarget, () => conversation.askForPerson());
});

byId("end").addEventListener("click", ({ currentTarget }) => {
  currentTarget.closest("details").open = false;
  buttons.confirm(currentTarget, byId("end-dialog"), "end", () => conversation.end());
});

document.addEventListener("click", ({ target }) => {
  const suggestion = target.closest("[data-say]");
  if (suggestion) {
    send(suggestion.dataset.say);
    composer.focus();
  } else if (target.closest('[data-action="reconnect"]')) {
    conversation.reconnect();
  }
});

byId("transcript").addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-action]");
  const element = button?.closest("[data-key]");
  if (button?.dataset.action === "withdraw") {
    buttons.press(button, () => conversation.withdraw(element.dataset.key.slice("message:".length)));
  } else if (button?.dataset.action === "send-again") {
    outbox.again(element);
    showConversation();
  }
});
