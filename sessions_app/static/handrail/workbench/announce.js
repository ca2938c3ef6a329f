/** What a screen reader is told: `polite` when it has finished speaking, `urgent` at once. */

const KEPT = 5;

export function polite(words) {
  say("polite", words);
}

export function urgent(words) {
  say("urgent", words);
}

function say(id, words) {
  const region = document.getElementById(id);
  const line = document.createElement("p");
  line.textContent = words;
  region.append(line);
  while (region.childElementCount > KEPT) {
    region.firstElementChild.remove();
  }
}
