/** What the server has told this page's modules, and how they speak to it. */

import { Api } from "../api.js";

export const page = JSON.parse(document.getElementById("page").textContent);
export const me = page.viewer.name;
export const api = new Api({ workspace: page.workspace });

export function sessionPath(name, rest = "") {
  return `/sessions/${encodeURIComponent(name)}${rest}`;
}

/** A session's page of the workbench. */
export function sessionAddress(name) {
  return `/workbench/sessions/${encodeURIComponent(name)}/${workspaceQuery()}`;
}

export function queueAddress() {
  return `/workbench/${workspaceQuery()}`;
}

function workspaceQuery() {
  return page.workspace ? `?workspace=${encodeURIComponent(page.workspace)}` : "";
}
