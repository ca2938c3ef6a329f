/** A chart in a transcript: drawn, with its numbers below for whoever cannot see it or wants them exactly. */

/**
 * Draw a chart in place of its text, which stays when nobody can draw it. The library is fetched with the first one.
 * May be repeated: what an agent has handed over never changes.
 */
export async function showChart(place, title, text) {
  const content = parsed(text);
  const { drawChart, isChart } = await import("../chart.js");
  if (!isChart(content) || isDrawn(place)) {
    return;
  }
  const picture = document.createElement("div");
  picture.className = "chart";
  place.classList.remove("code");
  place.replaceChildren(picture, numbersOf(content));
  drawChart(picture, { title, ...content });
}

export function isDrawn(place) {
  return place.querySelector(".chart") !== null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON, so no chart
  }
}

function numbersOf({ x, series }) {
  const details = document.createElement("details");
  details.className = "chart-numbers";
  const summary = document.createElement("summary");
  summary.textContent = gettext("The numbers");
  const table = document.createElement("table");
  table.createTHead().insertRow().append(cell("td", ""), ...series.map(({ label }) => cell("th", label, "col")));
  const body = table.createTBody();
  x.forEach((at, index) => {
    body.insertRow().append(cell("th", at, "row"), ...series.map(({ values }) => cell("td", values[index] ?? "–")));
  });
  details.append(summary, table);
  return details;
}

function cell(kind, value, scope = "") {
  const made = document.createElement(kind);
  made.textContent = value ?? "";
  if (scope) {
    made.scope = scope;
  }
  return made;
}
