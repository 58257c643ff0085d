// Decodes the events of a record: what happened, and what each changed.

/** @typedef {import("./record.js").Entry} Entry */

/** @typedef {"start" | "line" | "stop" | "sleep" | "end"} Kind */

/**
 * An event's kind and its fields in their order; the usual values at the end are left out.
 * @typedef {[Kind, ...unknown[]]} Row
 */

/**
 * When a timer is due, in seconds, and the task that it wakes or the callback that it runs.
 * @typedef {[number, Entry]} Timer
 */

/**
 * A variable: the call that it belongs to, its name and its value's text; null if it has none.
 * @typedef {[number, string, string | null]} Value
 */

/**
 * A task that has ended, and how.
 * @typedef {[number, string]} Ended
 */

/**
 * The classes of loopscope/views/moments.py, which say what the fields mean.
 * @typedef {{ kind: "start", at: number, text: string, who: Entry, line: number | null,
 *   x: number | null, internal: boolean, inside: boolean, woken: number[], ready: Entry[] | null,
 *   ready_more: number, ended: Ended[], printed: number | null, frame: number | null,
 *   values: Value[] }} Start
 * @typedef {{ kind: "line", line: number, frame: number, printed: number | null,
 *   values: Value[], at: number | null, woken: Entry[] }} Line
 * @typedef {{ kind: "stop", at: number, text: string, line: number | null, x: number | null,
 *   internal: boolean, waits_for: string | null, printed: number | null, timers: Timer[] | null,
 *   woken: number[], ended: Ended[], ready: Entry[] | null, ready_more: number,
 *   values: Value[] }} Stop
 * @typedef {{ kind: "sleep", at: number, text: string, x: number | null }} Sleep
 * @typedef {{ kind: "end", at: number, text: string, ended: Ended[],
 *   printed: number | null }} End
 * @typedef {Start | Line | Stop | Sleep | End} Event
 */

/** @type {{ [kind: string]: string }} */
const FIELDS = {
  start: "at text who line x internal inside woken ready ready_more ended printed frame values",
  line: "line frame printed values at woken",
  stop: "at text line x internal waits_for printed timers woken ended ready ready_more values",
  sleep: "at text x",
  end: "at text ended printed",
};
/** @type {{ [field: string]: unknown }} */
const USUAL = { internal: false, inside: false, ready_more: 0, woken: [], ended: [], values: [] };

/**
 * @param {Row} row
 * @returns {Event}
 */
export function decoded([kind, ...values]) {
  const fields = FIELDS[kind].split(" ").map((name, place) =>
    [name, values[place] ?? USUAL[name] ?? null]);
  return { kind, ...Object.fromEntries(fields) };
}
