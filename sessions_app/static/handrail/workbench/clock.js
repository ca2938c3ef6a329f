/** Everything on the page that counts: `data-since` upwards, with the workspace's SLA; `data-until` downwards. */

import { countUp } from "../entries/times.js";

const SOON_SECONDS = 60;

export function startClock(sla) {
  tick(sla);
  setInterval(() => tick(sla), 1000);
}

export function tick(sla) {
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-since]")) {
    showWaiting(element, now, sla);
  }
  for (const element of document.querySelectorAll("[data-until]")) {
    showLeft(element, now);
  }
}

function showWaiting(element, now, sla) {
  const since = Date.parse(element.dataset.since);
  if (Number.isNaN(since)) {
    return;
  }
  const seconds = (now - since) / 1000;
  element.textContent = countUp(seconds);
  element.dataset.level = levelOf(seconds, sla);
}

/** "fine", "warning" or "breach". */
export function levelOf(seconds, { warning, breach }) {
  if (seconds >= breach) {
    return "breach";
  }
  return seconds >= warning ? "warning" : "fine";
}

function showLeft(element, now) {
  const until = Date.parse(element.dataset.until);
  if (Number.isNaN(until)) {
    element.textContent = "";
    return;
  }
  const seconds = Math.ceil((until - now) / 1000);
  if (seconds <= 0) {
    element.textContent = gettext("time is over");
    element.dataset.level = "over";
    return;
  }
  element.textContent = interpolate(gettext("%s left"), [countUp(seconds)]);
  element.dataset.level = seconds <= SOON_SECONDS ? "soon" : "fine";
}
