// Finds the moments that can be shown, and the one that a click asks for.

/** @typedef {import("./record.js").RunRecord} RunRecord */

/**
 * @param {RunRecord} record
 * @param {boolean} withInternal whether asyncio's own steps are shown too
 * @returns {number[]} indices of moments
 */
export function visibleMoments(record, withInternal) {
  return [...record.moments.keys()].filter((index) => withInternal || !record.moments[index].internal);
}

/**
 * @param {RunRecord} record
 * @param {number[]} visible
 * @param {number} number of a line of output, from 0
 */
export function momentThatPrints(record, visible, number) {
  return visible.find((index) => record.moments[index].lines_printed > number);
}

/**
 * The next moment in which a task resumes at this line of the source, or prints there; after the
 * last one, the first.
 * @param {RunRecord} record
 * @param {number[]} visible
 * @param {number} at the moment shown
 * @param {number} number of the line
 */
export function nextMomentAtLine(record, visible, at, number) {
  const { moments, output } = record;
  const touches = (/** @type {number} */ index) => {
    const before = visible[visible.indexOf(index) - 1];
    const from = before === undefined ? 0 : moments[before].lines_printed;
    const printed = output.slice(from, moments[index].lines_printed);
    return moments[index].line === number || printed.some(([, , line]) => line === number);
  };
  return visible.find((index) => index > at && touches(index)) ?? visible.find(touches);
}

/**
 * @param {RunRecord} record
 * @param {number[]} visible
 * @param {number} x in the timeline
 * @returns {number | undefined} undefined if no moment is in the timeline
 */
export function nearestMoment(record, visible, x) {
  const distance = (/** @type {number} */ index) =>
    Math.abs(Number(record.moments[index].x) - x);
  return visible
    .filter((index) => record.moments[index].x !== null)
    .sort((one, other) => distance(one) - distance(other))[0];
}
