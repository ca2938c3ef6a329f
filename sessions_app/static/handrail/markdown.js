/** What an agent or a person wrote, as safe HTML. */

import { Marked } from "./vendor/marked.js";
import createDOMPurify from "./vendor/purify.js";

// Languages of code blocks, and our own scroll container around a table.
const CLASSES = /^(?:language-[\w+#.-]{1,40}|table-scroll)$/;
const SANE = {
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "code", "del", "div", "em", "h3", "h4", "h5", "h6", "hr", "input", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["align", "aria-label", "checked", "class", "disabled", "href", "start", "tabindex", "title", "type"],
  // Attributes that hold no address: the rule for addresses is not for them.
  ADD_URI_SAFE_ATTR: ["align", "aria-label", "checked", "disabled", "start", "tabindex", "type"],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  RETURN_DOM_FRAGMENT: true,
};

const marked = new Marked({ gfm: true, breaks: true });
marked.use({
  renderer: {
    // HTML is shown as the text it is, so that whoever reads it sees what was written.
    html({ text }) {
      return escape(text);
    },
    // No image is ever fetched: a request tells its server who reads, and one to our own may do something.
    image({ href, text }) {
      return `<a href="${escape(href)}">${escape(text || href)}</a>`;
    },
    // A page's first two levels are its own.
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    // What scrolls sideways must be reachable by keyboard.
    code({ text, lang }) {
      const language = /^[\w+#.-]{1,40}/.exec(lang ?? "")?.[0];
      return `<pre tabindex="0"><code${language ? ` class="language-${language}"` : ""}>${escape(text)}\n</code></pre>`;
    },
    table(token) {
      return `<div class="table-scroll" tabindex="0">${tableOf.call(this, token)}</div>`;
    },
    checkbox({ checked }) {
      return `<input type="checkbox" disabled aria-label="${checked ? "done" : "open"}"${checked ? " checked" : ""}> `;
    },
  },
});

const purify = createDOMPurify(window);
purify.addHook("afterSanitizeAttributes", (element) => {
  if (element.hasAttribute("class") && !CLASSES.test(element.className)) {
    element.removeAttribute("class");
  }
  if (element.hasAttribute("href")) {
    element.setAttribute("rel", "noopener noreferrer");
    element.setAttribute("target", "_blank");
  }
});

/**
 * Markdown into a fragment of elements that do nothing: no HTML of the writer's, no images, no styles, links that open
 * elsewhere. Costs as much as the text is long: while it is still being spoken call it once per animation frame.
 */
export function render(text) {
  return purify.sanitize(marked.parse(text), SANE);
}

function tableOf({ header, rows }) {
  const cells = (row, tag) =>
    row
      .map(({ tokens, align }) => `<${tag}${align ? ` align="${align}"` : ""}>${this.parser.parseInline(tokens)}</${tag}>`)
      .join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
  return `<table><thead><tr>${cells(header, "th")}</tr></thead><tbody>${body}</tbody></table>`;
}

function escape(text) {
  const characters = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text).replace(/[&<>"']/g, (character) => characters[character]);
}
