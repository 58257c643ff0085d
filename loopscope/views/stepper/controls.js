// The bar of buttons, slider and choices, and the keys that do the same.

import { buttonOf, piece } from "./pieces.js";

/** @typedef {"first" | "back" | "play" | "next" | "last" | "link"} Command */

const SPEEDS = [[2000, "slow"], [1000, "normal"], [400, "fast"]];
const KEYS = new Map(
  /** @type {[string, Command][]} */ ([
    ["ArrowLeft", "back"],
    ["ArrowRight", "next"],
    ["Home", "first"],
    ["End", "last"],
    [" ", "play"],
  ]),
);

/**
 * @param {Command} command
 * @param {string} label
 * @param {string} title
 * @param {string} sign
 */
function button(command, label, title, sign) {
  const attributes = `data-do="${command}" aria-label="${label}" title="${title}"`;
  return `<button type="button" ${attributes}>${sign}</button>`;
}

export function barMarkup() {
  const speeds = SPEEDS.map(([milliseconds, name]) =>
    `<option value="${milliseconds}"${name === "normal" ? " selected" : ""}>${name}</option>`);
  return `<div class="stepper-bar">
  ${button("first", "First step", "First step (Home)", "|◀")}
  ${button("back", "Step back", "Step back (←)", "◀")}
  ${button("play", "Play", "Play or pause (space)", "▶▶")}
  ${button("next", "Step forward", "Step forward (→)", "▶")}
  ${button("last", "Last step", "Last step (End)", "▶|")}
  <input type="range" class="stepper-slider" min="1" value="1" aria-label="Step">
  <span class="stepper-count"></span>
  <label>Speed <select class="stepper-speed">${speeds.join("")}</select></label>
  <label><input type="checkbox" class="stepper-unfold"> asyncio's own steps</label>
  <button type="button" data-do="link">Copy link to this step</button>
</div>`;
}

/**
 * @param {HTMLElement} box the opened stepper
 * @param {number} step from 1
 * @param {number} count of steps
 */
export function showPosition(box, step, count) {
  const slider = /** @type {HTMLInputElement} */ (piece(box, "slider"));
  slider.max = String(count);
  slider.value = String(step);
  slider.setAttribute("aria-valuetext", `step ${step} of ${count}`);
  piece(box, "count").textContent = `${step} / ${count}`;
  for (const [command, off] of /** @type {[Command, boolean][]} */ ([
    ["first", step === 1],
    ["back", step === 1],
    ["next", step === count],
    ["last", step === count],
  ])) {
    // Not `disabled`: a button that held the focus would lose it.
    buttonOf(box, command).setAttribute("aria-disabled", String(off));
  }
}

/**
 * @param {HTMLElement} target of a click
 * @returns {Command | undefined}
 */
export function commandOfButton(target) {
  const button = /** @type {HTMLElement | null} */ (target.closest("[data-do]"));
  return /** @type {Command | undefined} */ (button?.dataset.do);
}

/**
 * @param {KeyboardEvent} event
 * @returns {Command | undefined} undefined if the key is not the stepper's
 */
export function commandOfKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.altKey || event.ctrlKey || event.metaKey || target.matches("select")) return undefined;
  if (event.key === " " && target.matches("button, input")) return undefined; // it presses these
  return KEYS.get(event.key);
}
