/** Permission requests over the API. */

import { api } from "./page.js";

// The request is not what this page has shown: it has to be read anew.
const STALE = new Set(["already_decided", "arguments_changed"]);

export function answer(request, body) {
  return api.post(`/permission-requests/${request.id}/decision`, body);
}

export function readAgain(request) {
  return api.get(`/permission-requests/${request.id}`);
}

export function isStale(error) {
  return STALE.has(error.code);
}

/** An approval names the arguments once somebody has changed them: nobody approves what they have not seen. */
export function approval(request) {
  const edited = request.edited_arguments;
  return edited ? { decision: "approve", arguments: edited } : { decision: "approve" };
}
