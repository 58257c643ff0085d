// Reads the record of a run.

/**
 * A `Moment` of loopscope/views/replay.py. Tasks are numbered from 1.
 * @typedef {object} Moment
 * @property {number} time seconds since the run began
 * @property {string} cause what made this step possible, else empty
 * @property {string} text what happens in it
 * @property {boolean} internal whether the step is asyncio's own
 * @property {number | null} running the task that runs
 * @property {number | null} line where it resumes
 * @property {[number, number][]} suspended task and line of the others that are suspended somewhere
 * @property {(number | string)[]} ready the ready queue, in order: tasks, and callbacks by name
 * @property {[number, string, number | null][]} waiting task, for what, seconds left
 * @property {[number, string][]} finished task and how, those that finished last
 * @property {[number, number]} more how many others wait, and have finished
 * @property {number} lines_printed lines of output so far
 * @property {number | null} x where it is in the timeline, in the picture's units
 */

/**
 * What `to_json` of loopscope/views/replay.py returns, and what a page adds to it.
 * @typedef {object} RunRecord
 * @property {string} file the program's name
 * @property {[string, string][]} tasks name and coroutine
 * @property {[number, string, number | null, string][]} output time, stream, line, text
 * @property {Moment[]} moments
 * @property {number} left_out how many moments more there would have been
 * @property {string} cut what the record itself leaves out, else empty
 * @property {[number, string][]} source number and HTML of each line; the page's
 * @property {string} picture the timeline as SVG, or empty; the page's
 * @property {string} [page] address of the example's own page; the site's
 */

/**
 * @param {HTMLElement} element with the record in a script inside, or its address in `data-record`
 * @returns {Promise<RunRecord>}
 */
export async function readRecord(element) {
  const held = element.querySelector('script[type="application/json"]');
  if (held) return JSON.parse(held.textContent ?? "");
  return (await fetch(element.dataset.record ?? "")).json();
}
