// Shows the loop: who runs, with what values, who is ready, waits, or has finished.

import { escaped, seconds, sentence } from "./markup.js";
import { isInternal, mark } from "./names.js";
import { globalsMarkup, valuesMarkup } from "./values.js";

/** @typedef {import("./record.js").Entry} Entry */
/** @typedef {import("./record.js").RunRecord} RunRecord */
/** @typedef {import("./state.js").State} State */

/**
 * How long it is until a task's timer is due.
 * @param {State} state
 * @param {Entry} who
 */
function timeLeft({ timers, at }, who) {
  const timer = timers.find(([, entry]) => entry === who);
  if (!timer) return "";
  const left = timer[0] > at ? `${seconds(timer[0] - at)} left` : "due";
  return ` <small>(${left})</small>`;
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string[]} entries
 */
function part(name, title, entries) {
  const shown = entries.length ? entries : ['<span class="dim">nobody</span>'];
  const rows = shown.map((entry) => `<dd>${entry}</dd>`).join("");
  return `<dl class="stepper-${name}"><dt>${title}</dt>${rows}</dl>`;
}

/**
 * @param {RunRecord} record
 * @param {State} state
 * @param {boolean} withInternal whether asyncio's own callbacks are shown too
 * @param {Set<string>} open numbers of the waiting tasks whose values are shown
 */
export function loopMarkup(record, state, withInternal, open) {
  const { running, ready, ready_more: more } = state;
  const runner = running[running.length - 1];
  const runs = [...running].reverse().map(([who], place) =>
    mark(record, who) + (place ? ' <span class="dim">has called it</span>' : ""));
  const own = runner ? valuesMarkup(record, state, runner[2]) : "";
  const shown = ready.filter((entry) => withInternal || !isInternal(entry));
  const queue = shown.map((entry, place) => `${place + 1}. ${mark(record, entry)}`);
  const rest = ready.length - shown.length;
  if (more) queue.push(`and ${more} more`);
  if (rest) queue.push(`<span class="dim">${rest} callback${rest > 1 ? "s" : ""} of asyncio's own</span>`);
  const waiting = state.waiting.map(([task, [what, , frame]]) => {
    const left = timeLeft(state, task);
    const wait = `${mark(record, task)} for ${sentence(what || "something")}${left}`;
    const own = valuesMarkup(record, state, frame);
    if (!own) return wait;
    const shown = open.has(String(task)) ? " open" : "";
    return `<details data-task="${task}"${shown}><summary>${wait}</summary>${own}</details>`;
  });
  const ended = state.ended.map(([task, how]) => `${mark(record, task)} ${escaped(how)}`);
  const timers = state.timers
    .filter(([, who]) => typeof who === "string" && (withInternal || !isInternal(who)))
    .map(([due, who]) => `${mark(record, who)} at ${seconds(due)}`);
  // Of a long queue only its beginning is known, and only at both ends of a turn.
  const since = runner && more && state.ran.length ? " <small>(as this turn began)</small>" : "";
  return (
    part("runs", "Runs now", runs) +
    `<div class="stepper-values">${own}${globalsMarkup(record, state)}</div>` +
    part("ready", `Ready, in order${since}`, queue) +
    part("waits", `Waiting${since}`, waiting) +
    (timers.length ? part("timers", "Timers", timers) : "") +
    part("ended", "Finished", ended)
  );
}
