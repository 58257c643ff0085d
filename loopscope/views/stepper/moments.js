// The moments of a run: each event, the state after it, and its address.

import { decoded } from "./events.js";
import { states } from "./state.js";

/** @typedef {import("./record.js").RunRecord} RunRecord */

/**
 * @typedef {object} Moment
 * @property {import("./events.js").Event} event
 * @property {import("./state.js").State} state
 * @property {import("./record.js").Entry | null} who whose step the event belongs to
 * @property {number} turn number of that step among the program's; between steps, of the last one;
 *   at the end, one more
 * @property {boolean} internal whether that step is asyncio's own, and there is nothing to say of it
 * @property {boolean} goesOn whether a task begins its turn where it was suspended
 * @property {number} passed seconds since the event before, if this is a line and they are known
 * @property {string} address for a link: "6.0" where turn 6 starts, "6.1" … at its lines, "6" where
 *   it stops, "6.s" where the loop then waits, "6.w" where a task becomes ready; of the moment
 *   before if it is asyncio's own
 * @property {number} news how many lines were printed before this turn, or the one that has just
 *   stopped where this one starts
 * @property {number | null} x place in the timeline
 */

/**
 * @param {RunRecord} record
 * @returns {Moment[]}
 */
export function momentsOf(record) {
  const events = record.events.map(decoded);
  const found = states(events);
  /** @type {{ start: Moment, lines: Moment[] }[]} */ const open = []; // steps, innermost last
  /** @type {Set<unknown>} */ const begun = new Set();
  let [turns, sleeps, wakes, news, printed, last] = [0, 0, 0, 0, 0, "1.0"];
  return events.map((event, index) => {
    const state = found[index];
    const step = open.at(-1);
    const own = step ? step.start : { who: null, turn: turns, internal: false };
    /** @type {Moment} */
    const moment = { ...own, event, state, address: "", news, x: state.x, goesOn: false, passed: 0 };
    if (event.kind === "start") {
      if (!event.internal) {
        turns++;
        sleeps = wakes = 0;
        moment.news = news = printed;
        printed = state.printed;
      }
      Object.assign(moment, { who: event.who, turn: turns, internal: event.internal });
      moment.address = `${turns}.0`;
      moment.goesOn = begun.has(event.who);
      begun.add(event.who);
      open.push({ start: moment, lines: [] });
      news = printed;
    } else if (event.kind === "line" && step) {
      moment.address = `${own.turn}.${step.lines.push(moment)}`;
      moment.passed = state.at - found[index - 1].at;
    } else if (event.kind === "stop" && step) {
      moment.address = String(own.turn);
      if (own.internal && event.text) {
        wakes++;
        moment.internal = false;
        moment.address = `${turns}.w${wakes > 1 ? wakes : ""}`;
      }
      open.pop();
      const [from, to] = [step.start.x, moment.x];
      step.lines.forEach((line, place) => {
        line.x = from === null || to === null
          ? from
          : from + ((to - from) * (place + 1)) / (step.lines.length + 1);
      });
    } else if (event.kind === "sleep") {
      sleeps++;
      moment.address = `${turns}.s${sleeps > 1 ? sleeps : ""}`;
    } else {
      moment.turn = turns + 1;
      moment.address = String(turns + 1);
      moment.x ??= Math.max(...found.map(({ x }) => x ?? 0));
    }
    if (moment.internal) moment.address = last;
    last = moment.address;
    return moment;
  });
}
