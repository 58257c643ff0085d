// What tasks and callbacks are called, and the colour of a task.

import { escaped, sentence } from "./markup.js";

/** @typedef {import("./record.js").Entry} Entry */
/** @typedef {import("./record.js").RunRecord} RunRecord */

/**
 * What the narration calls it, with code in backquotes.
 * @param {RunRecord} record
 * @param {Entry} entry
 */
export function nameOf(record, entry) {
  return typeof entry === "number" ? record.labels[entry - 1] : `\`${entry}\``;
}

/** @param {Entry} entry */
function kindOf(entry) {
  return typeof entry === "number" ? `task task-${(entry - 1) % 6}` : "dim";
}

/**
 * @param {RunRecord} record
 * @param {Entry} entry
 */
export function mark(record, entry) {
  return `<i class="${kindOf(entry)}">${sentence(nameOf(record, entry))}</i>`;
}

/**
 * Marks for the margin beside a line, as many as there is room for. Of a long name the beginning
 * and the end are left, where names differ.
 * @param {RunRecord} record
 * @param {[Entry, string][]} entries each with what it does there, for the title
 */
export function marksInMargin(record, entries) {
  let room = 14; // letters
  /** @type {string[]} */ const marks = [];
  for (const [entry, does] of entries) {
    const name = nameOf(record, entry).replaceAll("`", "");
    const short = name
      .replace(/^(Task-\d+) \(.*\)$|\(\)$/, "$1")
      .replace(/^(.{5}).{3,}(.{6})$/, "$1…$2");
    const rest = entries.length - marks.length;
    room -= short.length + 1;
    if (marks.length && room < (rest > 1 ? 3 : 0)) return `${marks.join(" ")} +${rest}`;
    const title = escaped(`${name} ${does}`);
    marks.push(`<i class="${kindOf(entry)}" title="${title}">${escaped(short)}</i>`);
  }
  return marks.join(" ");
}

/**
 * Whether a callback is one of asyncio's own: their names begin with an underscore.
 * @param {Entry} entry
 */
export function isInternal(entry) {
  return /^timer of |(^|\.)_\w*$/.test(String(entry));
}
