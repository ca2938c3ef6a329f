/** An artifact of kind chart, drawn. */

import uPlot from "./vendor/uplot.js";

const HEIGHT = 240;
// Apart in hue and in lightness, on light and on dark; a page may name its own as --chart-1 … --chart-6.
const COLOURS = ["#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2"];

/**
 * Draw {x: [...], series: [{label, values}]} into an element, as wide as it is, and return a function that removes it.
 *
 * x are numbers, dates (ISO text) or names; values may hold null where there is none. The page loads
 * handrail/vendor/uplot.css. A picture says nothing to a screen reader: the element gets a label, the numbers belong
 * beside it as a table.
 */
export function drawChart(element, { title = "", x, series }) {
  const kind = kindOf(x);
  const style = getComputedStyle(element);
  const options = {
    width: element.clientWidth || 480,
    height: HEIGHT,
    scales: { x: { time: kind === "time" } },
    axes: [xAxis(kind, x, style.color), { stroke: style.color, grid: { stroke: faint(style.color) } }],
    series: [{ label: "" , value: (_, at) => nameOf(kind, x, at) }, ...series.map((one, index) => lineOf(one, index, style))],
  };
  const chart = new uPlot(options, [places(kind, x), ...series.map(({ values }) => values)], element);
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", [title, ...series.map(({ label }) => label)].filter(Boolean).join(", "));
  const watching = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
  watching.observe(element);
  return () => {
    watching.disconnect();
    chart.destroy();
  };
}

/** Whether this is what `drawChart` draws: an agent's tool may have said anything. */
export function isChart(content) {
  return (
    Array.isArray(content?.x) &&
    Array.isArray(content.series) &&
    content.series.length > 0 &&
    content.series.every((one) => isSeries(one, content.x.length))
  );
}

function isSeries(one, length) {
  const values = one?.values;
  return Array.isArray(values) && values.length === length && values.every((at) => at === null || typeof at === "number");
}

function kindOf(x) {
  if (x.every((value) => typeof value === "number")) {
    return "number";
  }
  return x.every((value) => /^\d{4}-\d\d/.test(value) && !Number.isNaN(Date.parse(value))) ? "time" : "name";
}

function places(kind, x) {
  if (kind === "time") {
    return x.map((value) => Date.parse(value) / 1000);
  }
  return kind === "name" ? x.map((_, index) => index) : x;
}

function nameOf(kind, x, at) {
  if (at === null || at === undefined) {
    return "–";
  }
  return kind === "time" ? new Date(at * 1000).toLocaleString() : String(kind === "name" ? x[at] : at);
}

function xAxis(kind, x, colour) {
  const axis = { stroke: colour, grid: { stroke: faint(colour) } };
  return kind === "name" ? { ...axis, splits: () => x.map((_, index) => index), values: () => x } : axis;
}

function lineOf({ label }, index, style) {
  const own = style.getPropertyValue(`--chart-${(index % COLOURS.length) + 1}`).trim();
  return { label, stroke: own || COLOURS[index % COLOURS.length], width: 2, points: { show: true, size: 5 } };
}

function faint(colour) {
  return colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0.15)");
}
