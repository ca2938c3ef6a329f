/** A piece of finished work: a document as Markdown, a chart as a chart, anything else as code. */

import { isDrawn, showChart } from "./chart-artifact.js";
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
  } else if (!isDrawn(place)) {
    place.classList.add("code");
    showPlain(place, text);
    if (kind === "chart") {
      showChart(place, entry.title, text);
    }
  }
}
