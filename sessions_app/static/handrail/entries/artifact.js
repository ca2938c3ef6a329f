/** A piece of finished work: a document as Markdown, a chart as a chart, anything else as code. */

import { setText, slot } from "./slots.js";
import { showTime } from "./times.js";
import { showMarkdown, showPlain } from "./words.js";

const DOCUMENTS = new Set(["document", "markdown", "text"]);

export function updateArtifact(node, entry) {
  const kind = entry.artifact_kind ?? "";
  node.dataset.artifactKind = kind;
  setText(node, "title", entry.title);
  setText(node, "artifact_kind", kind);
  showTime(slot(node, "at"), entry.at);
  const place = slot(node, "content");
  const text = typeof entry.content === "string" ? entry.content : JSON.stringify(entry.content, null, 2);
  if (DOCUMENTS.has(kind)) {
    showMarkdown(place, text);
  } else if (kind === "chart") {
    showChart(place, entry.title ?? "", text);
  } else {
    place.classList.add("code");
    showPlain(place, text);
  }
}

/** The chart library is fetched with the first chart; what cannot be drawn is shown as it is. */
async function showChart(place, title, text) {
  if (place.dataset.drawn === text) {
    return;
  }
  place.dataset.drawn = text;
  const { drawChart, isChart } = await import("../chart.js");
  const content = parsed(text);
  if (!isChart(content)) {
    place.classList.add("code");
    showPlain(place, text);
    return;
  }
  const picture = document.createElement("div");
  place.replaceChildren(picture, table(title, content));
  drawChart(picture, { ...content, title });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The numbers for those who do not see the picture. */
function table(title, { x, series }) {
  const made = document.createElement("table");
  made.className = "visually-hidden";
  made.createCaption().textContent = title;
  for (const [place, name] of ["", ...x].entries()) {
    const row = made.insertRow();
    for (const cell of [name, ...series.map(({ label, values }) => (place === 0 ? label : values[place - 1]))]) {
      row.insertCell().textContent = cell ?? "";
    }
  }
  return made;
}
