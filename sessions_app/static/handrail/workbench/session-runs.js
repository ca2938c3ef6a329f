/** What the agent has worked on in this session, and what that took. */

import { clone, setText, slot } from "../entries/slots.js";
import { duration, showTime } from "../entries/times.js";
import { api, page } from "./page.js";

const UNFINISHED = new Set(["queued", "running", "waiting", "resuming"]);
const MOST = 8;

export class SessionRuns {
  #list = document.getElementById("runs");
  #template = document.getElementById("run");
  #usage = document.getElementById("usage");
  #changed;
  unfinished = [];

  /** `changed()` is called when there is, or is no longer, a run at work. */
  constructor(changed) {
    this.#changed = changed;
  }

  async refresh() {
    const query = { session: page.session.name };
    const [runs, usage] = await Promise.all([api.get("/runs", { ...query, limit: MOST }), api.get("/usage", query)]);
    this.unfinished = runs.items.filter(({ status }) => UNFINISHED.has(status));
    this.#list.replaceChildren(...runs.items.map((run) => this.#line(run)));
    document.getElementById("runs-empty").hidden = runs.items.length > 0;
    this.#showUsage(usage);
    this.#changed();
  }

  #line(run) {
    const node = clone(this.#template);
    const status = slot(node, "status");
    status.dataset.status = run.status;
    status.textContent = word(run.status);
    showTime(slot(node, "at"), run.created_at);
    setText(node, "duration", duration(run.started_at, run.ended_at));
    setText(node, "error", run.error_detail || run.error_code);
    return node;
  }

  #showUsage(usage) {
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
    setText(this.#usage, "requests", number.format(usage.requests));
    setText(this.#usage, "tokens", `${number.format(usage.input_tokens)} → ${number.format(usage.output_tokens)}`);
    setText(this.#usage, "tool_calls", number.format(usage.tool_calls));
    setText(this.#usage, "cost", cost(usage));
  }
}

function cost({ cost_micro_dollars: micro, unpriced_requests: unpriced }) {
  const dollars = new Intl.NumberFormat(document.documentElement.lang || undefined, {
    style: "currency",
    currency: "USD",
    maximumFractionDigits: 4,
  }).format(micro / 1_000_000);
  return unpriced > 0 ? interpolate(gettext("%s, and %s requests without a price"), [dollars, unpriced]) : dollars;
}

function word(status) {
  return {
    queued: gettext("in line"),
    running: gettext("at work"),
    waiting: gettext("waits for an answer"),
    resuming: gettext("goes on"),
    completed: gettext("done"),
    failed: gettext("failed"),
    cancelled: gettext("stopped"),
  }[status] ?? status;
}
