// Builds the opened stepper's HTML, in which the other modules then show one moment.

import { controlsMarkup } from "./controls.js";
import { headerMarkup } from "./header.js";
import { escaped } from "./markup.js";
import { outputMarkup } from "./output.js";
import { sourceMarkup } from "./source.js";
import { tabsMarkup } from "./tabs.js";

/** @typedef {import("./record.js").RunRecord} RunRecord */

/**
 * What the record leaves out, as a sentence.
 * @param {RunRecord} record
 */
function omissions({ left_out, cut }) {
  const more = left_out === 1 ? "1 more turn" : `${left_out.toLocaleString("en")} more turns`;
  const omitted = left_out ? `This run has ${more}, left out here.` : "";
  return [omitted, cut].filter(Boolean).join(" ");
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} lines as HTML
 */
function pane(name, title, lines) {
  const attributes = `class="stepper-${name}" role="group" aria-label="${title}"`;
  return `<pre ${attributes}><code>${lines}</code></pre>`;
}

/**
 * @param {RunRecord} record
 * @returns {HTMLElement}
 */
export function createBox(record) {
  const kinds = new Set(record.events.map(([kind]) => kind));
  const { length } = record.output;
  const rest = omissions(record);
  const box = document.createElement("section");
  box.className = "stepper";
  box.setAttribute("aria-label", `Step through ${record.file}`);
  box.style.setProperty("--source-lines", String(record.source.length));
  box.style.setProperty("--output-lines", String(Math.min(length, 4)));
  box.innerHTML = `
<div class="stepper-controls">${controlsMarkup(kinds.has("line"))}</div>
${headerMarkup}
<div class="stepper-picture" role="group" aria-label="Timeline">${record.picture}</div>
<div class="stepper-panes">
<div class="stepper-code highlight">${pane("source", "Source", sourceMarkup(record))}</div>
${tabsMarkup(Boolean(record.frames?.length), length > 0)}
<div class="stepper-loop"></div>
</div>
${length ? pane("output", "Output so far", outputMarkup(record)) : ""}
${rest ? `<p class="stepper-rest">${escaped(rest)}</p>` : ""}`;
  return box;
}
