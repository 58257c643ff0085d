// Shows the variables of a task: those of its innermost call, and of the calls that led to it.

import { escaped } from "./markup.js";

/** @typedef {import("./record.js").RunRecord} RunRecord */
/** @typedef {import("./state.js").State} State */

/**
 * The variables of one call.
 * @param {State} state
 * @param {number} call
 */
function variables({ values, changed }, call) {
  const rows = values.filter(([[owner]]) => owner === call).map(([[, name], text]) => {
    const isNew = changed.some(([owner, other]) => owner === call && other === name);
    return `<div${isNew ? ' class="new"' : ""}>${escaped(`${name} = ${text}`)}</div>`;
  });
  return rows.join("");
}

/**
 * Variables that belong to no task.
 * @param {RunRecord} record
 * @param {State} state
 */
export function globalsMarkup({ frames = [] }, state) {
  const calls = [...frames.keys()].filter((call) => frames[call][0] === "<module>");
  const html = calls.map((call) => variables(state, call)).join("");
  return html && `<h6>global</h6>${html}`;
}

/**
 * The variables of a task's calls, the first one first.
 * @param {RunRecord} record
 * @param {State} state
 * @param {number | null} frame the innermost call
 * @returns {string} HTML; empty if they are not known
 */
export function valuesMarkup({ frames = [] }, state, frame) {
  let html = "";
  for (let call = frame; call !== null; ) {
    const [name, caller] = frames[call];
    if (name === "<module>") break;
    const arrow = caller === null || frames[caller][0] === "<module>" ? "" : "→ ";
    html = `<h6>${arrow}${escaped(name)}</h6>${variables(state, call)}${html}`;
    call = caller;
  }
  return html;
}
