// Shows the source: the line that is next, those that have run, and in the margin who is where.

import { marksInMargin } from "./names.js";
import { scrollToLine } from "./scrolling.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./record.js").Entry} Entry */
/** @typedef {import("./record.js").RunRecord} RunRecord */

/** @param {RunRecord} record */
export function sourceMarkup(record) {
  return record.source
    .map(([number, html]) =>
      `<span data-line="${number}"><b></b><small></small>${html || " "}\n</span>`)
    .join("");
}

/**
 * The tasks that wait at each line.
 * @param {Moment} moment
 */
function waitersByLine({ state }) {
  /** @type {Map<number | null, number[]>} */ const found = new Map();
  for (const [task, [, line]] of state.waiting) {
    found.set(line, [...(found.get(line) ?? []), task]);
  }
  return found;
}

/**
 * @param {HTMLElement} pane
 * @param {RunRecord} record
 * @param {Moment} moment
 */
export function showSource(pane, record, moment) {
  const { event, state } = moment;
  const running = new Map(state.running.map(([who, line]) => [line, who]));
  const next = state.running[state.running.length - 1]?.[1];
  const paused = event.kind === "stop" ? event.line : null;
  const waiting = waitersByLine(moment);
  /** @type {HTMLElement | null} */ let seen = null;
  /** @type {NodeListOf<HTMLElement>} */ const lines = pane.querySelectorAll("[data-line]");
  for (const line of lines) {
    const number = Number(line.dataset.line);
    const isNext = number === next;
    const hasRun = state.ran.includes(number) || number === paused;
    line.classList.toggle("next", isNext);
    line.classList.toggle("ran", hasRun);
    if (number === (next ?? paused)) seen = line;
    const who = running.get(number);
    /** @type {[Entry, string][]} */
    const there = (waiting.get(number) ?? []).map((task) => [task, "waits here"]);
    if (who !== undefined) there.unshift([who, "runs"]);
    const [margin, place] = line.children;
    margin.innerHTML = marksInMargin(record, there) || (hasRun ? "ran" : "");
    place.textContent = (isNext ? "▶ " : "") + number;
  }
  scrollToLine(pane, seen);
}
