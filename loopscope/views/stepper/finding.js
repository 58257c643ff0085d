// Finds the moment that a link, a key, a button or a click asks for, among those that can be seen.

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {"first" | "last" | "back" | "next" | "before" | "turn"} Direction */

/**
 * @param {Moment[]} moments
 * @param {string} address as in a link; past the last turn it is that of the end
 * @returns {Moment}
 */
export function momentAt(moments, address) {
  const turn = String(parseInt(address, 10));
  return (
    moments.find((moment) => moment.address === address) ??
    moments.find((moment) => moment.address === turn) ??
    (turn === "0" ? moments[0] : moments[moments.length - 1])
  );
}

/**
 * @param {Moment[]} moments
 * @param {number} at index of the moment that is seen
 * @param {Direction} direction "turn" and "before" go to where a turn starts
 * @returns {Moment | undefined}
 */
export function momentTowards(moments, at, direction) {
  const starts = (/** @type {Moment} */ { event }) => event.kind === "start";
  if (direction === "first") return moments[0];
  if (direction === "back") return moments[at - 1];
  if (direction === "next") return moments[at + 1];
  if (direction === "before") return moments.slice(0, at).reverse().find(starts);
  const turn = direction === "turn" && moments.slice(at + 1).find(starts);
  return turn || moments[moments.length - 1];
}

/**
 * @param {Moment[]} moments
 * @param {number} turn
 */
export function startOfTurn(moments, turn) {
  return moments.find((moment) => moment.turn === turn && !moment.internal);
}

/**
 * @param {Moment[]} moments
 * @param {number} number of a line of output, from 0
 */
export function momentThatPrints(moments, number) {
  return moments.find(({ state }) => state.printed > number);
}

/**
 * The next moment at which a line of the source runs; after the last one, the first. If only the
 * lines are known at which tasks resume, one where a step stops there or has printed there.
 * @param {Moment[]} moments
 * @param {number} at index of the moment that is seen
 * @param {number} number of the line
 * @param {import("./record.js").RunRecord["output"]} output
 */
export function nextMomentAtLine(moments, at, number, output) {
  const runs = (/** @type {Moment} */ { event }, /** @type {number} */ index) => {
    if (event.kind === "start" || event.kind === "line") return event.line === number;
    const before = moments[index - 1]?.state.printed ?? 0;
    const lines = output.slice(before, moments[index].state.printed);
    return (
      !moments.some(({ event: { kind } }) => kind === "line") &&
      event.kind === "stop" &&
      (event.line === number || lines.some(([, , line]) => line === number))
    );
  };
  return moments.find((moment, index) => index > at && runs(moment, index)) ?? moments.find(runs);
}

/**
 * @param {Moment[]} moments
 * @param {number} x in the timeline
 * @returns {Moment | undefined} undefined if no moment is in the timeline
 */
export function nearestMoment(moments, x) {
  const distance = (/** @type {Moment} */ moment) => Math.abs(Number(moment.x) - x);
  return moments
    .filter((moment) => moment.x !== null)
    .sort((one, other) => distance(one) - distance(other))[0];
}
