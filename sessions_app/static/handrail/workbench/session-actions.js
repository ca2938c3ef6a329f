/** Taking a session over, giving it back or on, closing it, and stopping the agent. */

import { ask } from "./dialogs.js";
import { api, page, sessionPath } from "./page.js";
import { toast, toastError } from "./toast.js";

const name = page.session.name;

/** Each resolves to the session as it is now, or null when nothing came of it. */
export const ACTIONS = { accept, return: giveBack, transfer, close };

async function accept() {
  try {
    return await api.post(sessionPath(name, "/accept"));
  } catch (error) {
    if (error.name === "ApiError" && error.code === "already_taken") {
      toast(error.detail, { tone: "warn" });
      return api.get(sessionPath(name));
    }
    toastError(error);
    return null;
  }
}

async function giveBack() {
  const { summary } = await api.get(sessionPath(name, "/return-summary")).catch(() => ({ summary: "" }));
  return ask("return", {
    fill: (dialog, fields) => (fields.summary.value = summary),
    send: (data) => api.post(sessionPath(name, "/return"), { summary: data.get("summary") }),
  });
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
