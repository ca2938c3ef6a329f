/** Small things that every filled template needs. */

const TIME = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const MOMENT = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });

/** The element in which `name` is shown, within one filled template. */
export function slot(element, name) {
  return element.querySelector(`[data-slot="${name}"]`);
}

export function write(element, name, text) {
  const place = slot(element, name);
  if (place && place.textContent !== text) {
    place.textContent = text;
  }
}

/** Of the words that stand ready for each case, show those for this one. */
export function when(element, value) {
  for (const words of element.querySelectorAll("[data-when]")) {
    words.hidden = words.dataset.when !== value;
  }
}

/** In the reader's own time zone, which the server does not know. */
export function writeTime(element, moment) {
  const time = slot(element, "at");
  if (time && moment) {
    const at = new Date(moment);
    time.dateTime = at.toISOString();
    time.title = MOMENT.format(at);
    time.textContent = TIME.format(at);
  }
}
