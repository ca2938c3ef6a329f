/** How things stand in a conversation: who serves it, what the agent is at, which messages wait. Touches no page. */

const RUN_ENDS = ["run_completed", "run_failed", "run_cancelled"];

export class Standing {
  status = "active";
  operator = "";
  run = null;
  /** "", "queued", "working", "permission" (a colleague has to agree), "input" (the customer is asked). */
  doing = "";
  #waiting = new Map();
  #said = null;
  #speaking = new Set();

  /** Whether a message of the customer's has not been taken up yet, and could be withdrawn. */
  waits(messageId) {
    return this.#waiting.has(messageId);
  }

  /** The ids of those messages, a handful at most. */
  get waiting() {
    return [...this.#waiting.keys()];
  }

  get speaking() {
    return this.#speaking.size > 0;
  }

  take({ type, run, data }) {
    if (type === "status_change") {
      this.#move(data.status);
    } else if (type === "session_closed") {
      this.#move("closed");
    } else if (type === "handoff_accepted") {
      this.operator = data.operator;
    } else if (type === "handoff_transferred") {
      this.operator = data.to ?? "";
    } else if (type.startsWith("message_")) {
      this.#message(type, data);
    } else if (type.startsWith("run_")) {
      this.#step(type, run, data);
    }
  }

  #move(status) {
    this.status = status;
    if (status !== "staffed") {
      this.operator = "";
    }
  }

  #message(type, { message_id: id, role }) {
    if (type === "message_started") {
      this.#speaking.add(id);
    } else if (type !== "message_chunk") {
      this.#speaking.delete(id);
      this.#waiting.delete(id);
      this.#said = type === "message_completed" && role === "customer" ? id : this.#said;
    }
  }

  #step(type, run, data) {
    if (type === "run_queued") {
      // The run that will answer is put in line in the moment in which the customer speaks.
      if (this.#said !== null) {
        this.#waiting.set(this.#said, run);
        this.#said = null;
      }
      this.#doing(this.run ?? run, this.doing || "queued");
      return;
    }
    this.#forget(run);
    if (RUN_ENDS.includes(type)) {
      if (run === this.run) {
        this.#speaking.clear();
        this.#doing(null, "");
      }
      this.#goOn();
    } else if (type === "run_waiting") {
      this.#doing(run, data.waiting_for.includes("input") ? "input" : "permission");
    } else if (type === "run_started" || type === "run_resumed") {
      this.#doing(run, "working");
    }
  }

  /** The next in line, if there is one. */
  #goOn() {
    const next = this.#waiting.values().next();
    if (this.run === null && !next.done) {
      this.#doing(next.value, "queued");
    }
  }

  #doing(run, what) {
    this.run = run;
    this.doing = what;
  }

  #forget(run) {
    for (const [message, waitingRun] of this.#waiting) {
      if (waitingRun === run) {
        this.#waiting.delete(message);
      }
    }
  }
}
