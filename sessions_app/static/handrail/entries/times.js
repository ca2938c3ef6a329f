/** Times as their reader reads them: in the reader's zone and the page's language. */

const language = document.documentElement.lang || undefined;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
const short = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** Show a moment in a <time>: the clock, with all of it as the title; `data-format="full"` shows the date, too. */
export function showTime(element, at) {
  const moment = new Date(at);
  if (!element || Number.isNaN(moment.getTime())) {
    return;
  }
  element.dateTime = moment.toISOString();
  element.title = full.format(moment);
  element.textContent = (element.dataset.format === "full" ? short : clock).format(moment);
}

/** The server writes times in its own zone: write those again that stand in `root`. */
export function localize(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    if (element.dateTime) {
      showTime(element, element.dateTime);
    }
  }
}

export function dayOf(at) {
  return day.format(new Date(at));
}

/** "34 ms", "1.4 s", "2 min 5 s"; "" while one of the ends is not known. */
export function duration(startedAt, endedAt) {
  if (!startedAt || !endedAt) {
    return "";
  }
  const seconds = Math.max(0, (new Date(endedAt) - new Date(startedAt)) / 1000);
  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** "0:09", "12:40", "3:05:00". */
export function countUp(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] > 0 ? parts : parts.slice(1);
  return shown.map((part, place) => (place === 0 ? part : String(part).padStart(2, "0"))).join(":");
}
