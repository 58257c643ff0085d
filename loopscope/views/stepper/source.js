// Shows the source: the line that runs, and in its margin which task is where.

import { taskInMargin } from "./markup.js";
import { scrollToLine } from "./scrolling.js";

/** @typedef {import("./record.js").Moment} Moment */
/** @typedef {import("./record.js").RunRecord} RunRecord */

/** @param {RunRecord} record */
export function sourceMarkup(record) {
  return record.source
    .map(([number, html]) => `<span data-line="${number}"><b></b>${html || " "}\n</span>`)
    .join("");
}

/**
 * @param {HTMLElement} pane
 * @param {RunRecord} record
 * @param {Moment} moment
 */
export function showSource(pane, record, moment) {
  /** @type {Map<number, number[]>} */ const suspended = new Map();
  for (const [task, line] of moment.suspended) {
    suspended.set(line, [...(suspended.get(line) ?? []), task]);
  }
  let lit = null;
  /** @type {NodeListOf<HTMLElement>} */ const lines = pane.querySelectorAll("[data-line]");
  for (const line of lines) {
    const number = Number(line.dataset.line);
    const runs = number === moment.line;
    line.classList.toggle("lit", runs);
    if (runs) lit = line;
    const marks = (suspended.get(number) ?? []).map((task) =>
      taskInMargin(record.tasks, task, "waits here"));
    if (runs && moment.running !== null) {
      marks.unshift(taskInMargin(record.tasks, moment.running, "runs"));
    }
    const margin = /** @type {HTMLElement} */ (line.firstChild);
    if (margin.innerHTML !== marks.join("")) margin.innerHTML = marks.join("");
  }
  scrollToLine(pane, lit);
}
