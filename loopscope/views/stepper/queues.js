// Shows the loop: which task runs, which are ready, wait, or have finished.

import { escaped, seconds, taskLabel } from "./markup.js";

/** @typedef {import("./record.js").Moment} Moment */
/** @typedef {import("./record.js").RunRecord} RunRecord */

/** @param {number | null} left seconds, or null without a timer */
function timeLeft(left) {
  if (left === null) return "";
  return left > 0 ? ` (${seconds(left)} left)` : " (due)";
}

/**
 * Whether an entry of the ready queue is one of asyncio's own callbacks.
 * @param {number | string} entry
 */
function isInternal(entry) {
  return /^timer of |(^|\.)_\w*$/.test(String(entry)); // their names begin with an underscore
}

/**
 * @param {string} title
 * @param {string[]} entries
 */
function row(title, entries) {
  const shown = entries.length ? entries.join("<br>") : '<span class="none">nobody</span>';
  return `<dt>${title}</dt><dd>${shown}</dd>`;
}

/**
 * @param {HTMLElement} list
 * @param {RunRecord} record
 * @param {Moment} moment
 * @param {boolean} withInternal whether asyncio's own callbacks are shown too
 */
export function showQueues(list, record, moment, withInternal) {
  const label = (/** @type {number} */ task) => taskLabel(record.tasks, task);
  const running = moment.running === null ? [] : [label(moment.running)];
  const ready = moment.ready
    .filter((entry) => withInternal || !isInternal(entry))
    .map((entry) =>
      typeof entry === "number" ? label(entry) : `<span class="dim">${escaped(entry)}</span>`);
  const waiting = moment.waiting.map(([task, what, left]) =>
    `${label(task)} for ${escaped(what || "something")}${timeLeft(left)}`);
  const finished = moment.finished.map(([task, how]) => `${label(task)} ${escaped(how)}`);
  if (moment.more[0]) waiting.push(`and ${moment.more[0]} more`);
  if (moment.more[1]) finished.unshift(`${moment.more[1]} before`);
  list.innerHTML =
    row("Running now", running) +
    row("Ready, in order", ready) +
    row("Waiting", waiting) +
    row("Finished", finished);
}
