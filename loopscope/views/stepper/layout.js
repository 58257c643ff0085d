// Builds the opened stepper's HTML, in which the other modules then show one moment.

import { barMarkup } from "./controls.js";
import { escaped } from "./markup.js";
import { outputMarkup } from "./output.js";
import { sourceMarkup } from "./source.js";

/** @typedef {import("./record.js").RunRecord} RunRecord */

/**
 * What the record leaves out, as a sentence.
 * @param {RunRecord} record
 */
function omissions({ left_out, cut }) {
  const more = left_out === 1 ? "1 more step" : `${left_out.toLocaleString("en")} more steps`;
  const omitted = left_out ? `This run has ${more}, left out here.` : "";
  return [omitted, cut].filter(Boolean).join(" ");
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} lines as HTML
 */
function pane(name, title, lines) {
  const attributes = `class="stepper-${name}" tabindex="0" role="group" aria-label="${title}"`;
  return `<h6>${title}</h6><pre ${attributes}><code>${lines}</code></pre>`;
}

/**
 * @param {RunRecord} record
 * @returns {HTMLElement}
 */
export function createBox(record) {
  const picture = 'class="stepper-picture" tabindex="0" role="group" aria-label="Timeline"';
  const source = pane("source", "Source", sourceMarkup(record));
  const output = pane("output", "Output so far", outputMarkup(record));
  const rest = omissions(record);
  const box = document.createElement("section");
  box.className = "stepper";
  box.setAttribute("aria-label", `Step through ${record.file}`);
  box.innerHTML = `
${barMarkup()}
<p class="stepper-now" tabindex="-1" role="status" aria-live="polite"></p>
<div ${picture}${record.picture ? "" : " hidden"}>${record.picture}</div>
<div class="stepper-panes">
  <div class="highlight">${source}</div>
  <div><h6>The loop</h6><dl class="stepper-loop"></dl>${output}</div>
</div>
${rest ? `<p class="stepper-rest">${escaped(rest)}</p>` : ""}`;
  return box;
}
