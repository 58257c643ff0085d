// Reads the record of a run.

/**
 * A task by number, from 1, or a callback by name.
 * @typedef {number | string} Entry
 */

/**
 * What `to_json` of loopscope/views/replay.py returns, and what a page adds to it.
 * @typedef {object} RunRecord
 * @property {string} file the program's name
 * @property {string[]} labels what readers call each task, with code in backquotes
 * @property {[number, string, number | null, string][]} output time, stream, line, text
 * @property {import("./events.js").Row[]} events
 * @property {number} left_out how many steps more there would have been
 * @property {string} cut what the record itself leaves out, else empty
 * @property {[string, number | null, number | null][]} [frames] function, caller and task of each
 *   call, numbered from 0; none if lines were not recorded
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
