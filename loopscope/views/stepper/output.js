// Shows the output so far, and which of its lines are new.

import { escaped, seconds } from "./markup.js";
import { scrollToLine } from "./scrolling.js";

/** @typedef {import("./record.js").RunRecord} RunRecord */

/** @param {RunRecord} record */
export function outputMarkup(record) {
  return record.output
    .map(([time, stream, , text], index) => {
      const attributes = `data-out="${index}" data-time="${seconds(time)}" class="${stream}"`;
      return `<span ${attributes}>${escaped(text) || " "}\n</span>`;
    })
    .join("");
}

/**
 * @param {HTMLElement} pane
 * @param {number} already lines that are not new
 * @param {number} printed lines there now
 */
export function showOutput(pane, already, printed) {
  /** @type {HTMLElement | null} */ let last = null;
  /** @type {NodeListOf<HTMLElement>} */ const lines = pane.querySelectorAll("[data-out]");
  for (const line of lines) {
    const number = Number(line.dataset.out);
    line.hidden = number >= printed;
    line.classList.toggle("new", number >= already && number < printed);
    if (!line.hidden) last = line;
  }
  scrollToLine(pane, last);
}
