// Finds the moments that can be gone to, and which of them a click asks for.

/** @typedef {import("./record.js").RunRecord} RunRecord */

/**
 * @param {RunRecord} record
 * @param {boolean} withOwn whether asyncio's own steps are shown too
 * @returns {number[]} indices of moments
 */
export function visibleMoments(record, withOwn) {
  return [...record.moments.keys()].filter((index) => withOwn || !record.moments[index].own);
}

/**
 * @param {RunRecord} record
 * @param {number[]} visible
 * @param {number} number of a line of output, from 0
 */
export function momentThatPrints(record, visible, number) {
  return visible.find((index) => record.moments[index].printed > number);
}

/**
 * The next moment in which a task goes on at this line of the source, or prints there; after the
 * last one the first.
 * @param {RunRecord} record
 * @param {number[]} visible
 * @param {number} at the moment shown
 * @param {number} number of the line
 */
export function nextMomentAtLine(record, visible, at, number) {
  const { moments, output } = record;
  const touches = (/** @type {number} */ index) => {
    const before = visible[visible.indexOf(index) - 1];
    const from = before === undefined ? 0 : moments[before].printed;
    const printed = output.slice(from, moments[index].printed);
    return moments[index].line === number || printed.some(([, , line]) => line === number);
  };
  return visible.find((index) => index > at && touches(index)) ?? visible.find(touches);
}

/**
 * @param {RunRecord} record
 * @param {number[]} visible
 * @param {number} place in the timeline
 * @returns {number | undefined} undefined where no moment has a place
 */
export function nearestMoment(record, visible, place) {
  const distance = (/** @type {number} */ index) =>
    Math.abs(Number(record.moments[index].place) - place);
  return visible
    .filter((index) => record.moments[index].place !== null)
    .sort((one, other) => distance(one) - distance(other))[0];
}
