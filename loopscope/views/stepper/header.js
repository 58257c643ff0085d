// Says what time it is, who runs, and what has happened: once each, for a screen reader.

import { seconds, sentence } from "./markup.js";
import { isInternal, nameOf } from "./names.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./record.js").RunRecord} RunRecord */

export const headerMarkup = `<div class="stepper-now" role="status" aria-atomic="false">
<b class="stepper-at"></b> <b class="stepper-who"></b> <span class="stepper-text"></span>
</div>`;

/**
 * Who runs, as a sentence; empty at the end.
 * @param {RunRecord} record
 * @param {Moment} moment
 */
function whoRuns(record, { event, state, goesOn }) {
  const running = state.running[state.running.length - 1];
  if (running) {
    const [who, line] = running;
    const runs = `${nameOf(record, who)} runs.`;
    return line === null ? runs : `${runs} Line ${line} ${goesOn ? "goes on" : "is next"}.`;
  }
  if (event.kind === "end") return "";
  if (!state.ready.length) return "Nobody runs.";
  const own = state.ready.every(isInternal);
  return `Nobody runs: the loop ${own ? "has something of its own to do" : "picks the next"}.`;
}

/**
 * What has happened, as a sentence. The record has none for most of asyncio's own steps.
 * @param {RunRecord} record
 * @param {Moment} moment
 */
function whatHappened(record, { event, state, passed }) {
  // What was said at the start of a turn is past when its next lines run.
  if (event.kind === "line") {
    const woken = event.woken.filter((entry) => typeof entry === "number");
    const names = woken.map((task) => nameOf(record, task)).join(" and ");
    const took = passed ? `The line before took ${seconds(passed)}.` : "";
    return names ? `${took} ${names} became ready.`.trim() : took;
  }
  if (event.kind === "start" && event.internal) {
    const own = `asyncio's own ${typeof event.who === "number" ? "task" : "callback"}`;
    return `${own} ${nameOf(record, event.who)} runs.`;
  }
  if (event.kind === "stop" && event.internal) {
    return event.text || "It is over.";
  }
  return state.text;
}

/**
 * The texts of time, who runs and what has happened, with code in backquotes.
 * @param {RunRecord} record
 * @param {Moment} moment
 */
function textsOf(record, moment) {
  return [seconds(moment.state.at), whoRuns(record, moment), whatHappened(record, moment)];
}

/**
 * How many letters the longest header has.
 * @param {RunRecord} record
 * @param {Moment[]} moments
 */
export function longestHeader(record, moments) {
  return Math.max(...moments.map((moment) => textsOf(record, moment).join(" ").length));
}

/**
 * What stays the same is left alone, so that it is not said again.
 * @param {HTMLElement} header
 * @param {RunRecord} record
 * @param {Moment} moment
 */
export function showHeader(header, record, moment) {
  textsOf(record, moment).forEach((text, place) => {
    const html = sentence(text);
    if (header.children[place].innerHTML !== html) header.children[place].innerHTML = html;
  });
}
