/** Taking a session over, giving it back or on, closing it, and stopping the agent. */

import { setText, showWhen } from "../entries/slots.js";
import { accept } from "./claiming.js";
import { ask } from "./dialogs.js";
import { explain } from "./errors.js";
import { api, page, sessionPath } from "./page.js";
import { toastError } from "./toast.js";

const name = page.session.name;

/** Each resolves to the session as it is now, or null when nothing came of it. */
export const ACTIONS = { accept: () => accept(name), return: giveBack, transfer, close };

async function giveBack() {
  const { summary, problem } = await readSummary();
  return ask("return", {
    fill: (dialog, fields) => {
      fields.summary.value = summary;
      showWhen(dialog, problem ? "unread" : "read");
      setText(dialog, "error", problem);
    },
    send: (data) => api.post(sessionPath(name, "/return"), { summary: data.get("summary") }),
  });
}

async function readSummary() {
  try {
    const { summary } = await api.get(sessionPath(name, "/return-summary"));
    return { summary, problem: "" };
  } catch (error) {
    if (error.name !== "ApiError") {
      throw error;
    }
    return { summary: "", problem: explain(error) };
  }
}

function transfer() {
  return ask("transfer", {
    send: (data) => api.post(sessionPath(name, "/transfer"), { to: data.get("to"), reason: data.get("reason") }),
  });
}

function close() {
  return ask("close", {
    fill: (dialog, fields) => {
      dialog.querySelector('[data-slot="subject"]').textContent = page.session.customer || name;
      return fields;
    },
    send: (data) => api.post(sessionPath(name, "/close"), { reason: data.get("reason") }),
  });
}

/** Stop every run that is not finished. */
export async function stop(runs) {
  try {
    await Promise.all(runs.map((run) => api.post(`/runs/${run.id}/cancel`)));
  } catch (error) {
    toastError(error);
  }
}
