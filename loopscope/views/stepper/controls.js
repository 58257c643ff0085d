// The buttons, slider and choices, and the keys that do the same.

import { buttonOf, piece } from "./pieces.js";

/** @typedef {import("./finding.js").Direction | "play" | "link" | "more" | "close"} Command */

const SPEEDS = [[2500, "slow"], [1500, "normal"], [700, "fast"]];
const KEYS = new Map(
  /** @type {[string, Command][]} */ ([
    ["ArrowLeft", "back"],
    ["ArrowRight", "next"],
    ["Shift+ArrowLeft", "before"],
    ["Shift+ArrowRight", "turn"],
    ["Home", "first"],
    ["End", "last"],
    [" ", "play"],
    ["Escape", "close"],
  ]),
);

/**
 * @param {Command} command
 * @param {string} inside as HTML
 * @param {string} key that does the same
 * @param {string} [more] attributes
 */
function button(command, inside, key, more = "") {
  const title = key && `title="Key: ${key}"`;
  return `<button type="button" data-do="${command}" ${title} ${more}>${inside}</button>`;
}

/** @param {boolean} withLines whether lines were recorded */
export function controlsMarkup(withLines) {
  const speeds = SPEEDS.map(([milliseconds, name]) =>
    `<option value="${milliseconds}"${name === "normal" ? " selected" : ""}>${name}</option>`);
  const sign = (/** @type {string} */ text) => `<span aria-hidden="true">${text}</span>`;
  return `<div class="stepper-bar">
${button("first", sign("|◀"), "Home", 'aria-label="To the start"')}
${button("back", `${sign("◀")} Back`, "←")}
${button("next", `Next${withLines ? " line" : ""} ${sign("▶")}`, "→")}
${button("turn", `Next turn ${sign("▶▶")}`, "Shift+→")}
${button("play", `${sign("▶")} Play`, "Space")}
</div>
<div class="stepper-tools">
<input type="range" class="stepper-slider" min="1" value="1" aria-label="Turn">
<span class="stepper-count"></span>
${button("more", "More", "", 'aria-expanded="false"')}
${button("close", sign("✕"), "Escape", 'aria-label="Close"')}
<div class="stepper-menu" hidden>
<label>Speed <select class="stepper-speed">${speeds.join("")}</select></label>
<label><input type="checkbox" class="stepper-unfold"> Show asyncio's own steps</label>
${button("link", "Copy link to this moment", "")}
</div>
</div>`;
}

/**
 * @param {HTMLElement} box the opened stepper
 * @param {boolean} open
 */
export function showMenu(box, open) {
  piece(box, "menu").hidden = !open;
  buttonOf(box, "more").setAttribute("aria-expanded", String(open));
}

/**
 * @param {HTMLElement} box the opened stepper
 * @param {number} turn
 * @param {number} turns
 * @param {boolean} isFirst whether it is the first moment
 * @param {boolean} isLast whether it is the last one
 */
export function showPosition(box, turn, turns, isFirst, isLast) {
  const text = turn > turns ? "the end" : `turn ${turn} of ${turns}`;
  const slider = /** @type {HTMLInputElement} */ (piece(box, "slider"));
  slider.max = String(turns);
  slider.value = String(turn);
  slider.setAttribute("aria-valuetext", text);
  piece(box, "count").textContent = text;
  /** @type {[Command, boolean][]} */
  const offs = [["first", isFirst], ["back", isFirst], ["next", isLast], ["turn", isLast]];
  for (const [command, off] of offs) {
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
  if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
  // What these do with a key themselves.
  const keepsKeys = target.matches("select, [type=range], [role=tab]");
  if (keepsKeys && event.key !== "Escape") return undefined;
  if (event.key === " " && target.matches("button, input, summary")) return undefined;
  return KEYS.get(`${event.shiftKey ? "Shift+" : ""}${event.key}`);
}
