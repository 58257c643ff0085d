// On a narrow screen, tabs for what a wide one shows at once.

import { piece } from "./pieces.js";

const NARROW = 600; // pixels, below which there are tabs

/**
 * @param {boolean} withValues whether variables were recorded
 * @param {boolean} withOutput whether the run prints anything
 */
export function tabsMarkup(withValues, withOutput) {
  const names = ["tasks", ...(withValues ? ["values"] : []), ...(withOutput ? ["output"] : [])];
  const tabs = names.map((name) => {
    const label = name[0].toUpperCase() + name.slice(1);
    return `<button type="button" role="tab" data-tab="${name}">${label}</button>`;
  });
  return `<div class="stepper-tabs" role="tablist" aria-label="Shown below">${tabs.join("")}</div>`;
}

/**
 * @param {HTMLElement} box the opened stepper
 * @returns {HTMLElement[]}
 */
function tabsOf(box) {
  return [...piece(box, "tabs").children].map((tab) => /** @type {HTMLElement} */ (tab));
}

/**
 * Shows what belongs to a tab. Tasks and values share a pane, of which each shows a part.
 * @param {HTMLElement} box the opened stepper
 * @param {string} chosen
 */
export function chooseTab(box, chosen) {
  box.dataset.tab = chosen;
  for (const tab of tabsOf(box)) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === chosen));
    tab.tabIndex = tab.dataset.tab === chosen ? 0 : -1;
  }
  const label = tabsOf(box).find((tab) => tab.dataset.tab === chosen)?.firstChild?.textContent;
  if (box.classList.contains("narrow") && label) {
    piece(box, chosen === "output" ? "output" : "loop").setAttribute("aria-label", label);
  }
}

/**
 * @param {HTMLElement} box the opened stepper
 * @param {number} printed how many lines of output there are
 */
export function showCount(box, printed) {
  const tab = tabsOf(box).find(({ dataset }) => dataset.tab === "output");
  if (tab) tab.textContent = `Output (${printed})`;
}

/**
 * Makes an opened stepper narrow or wide as there is room, from now on.
 * @param {HTMLElement} box
 * @param {number} letters that the header has at most
 * @param {() => void} changed is called when that has changed
 */
export function followWidth(box, letters, changed) {
  const follow = () => {
    const narrow = box.clientWidth < NARROW;
    // The header has the same height at each moment.
    const lines = Math.ceil((letters * (narrow ? 7.4 : 7)) / (box.clientWidth - 24));
    const [least, most] = narrow ? [3, 4] : [2, 3];
    box.style.setProperty("--header-lines", String(Math.max(least, Math.min(most, lines))));
    box.classList.toggle("narrow", narrow);
    for (const [name, label] of [["loop", "The loop"], ["output", "Output so far"]]) {
      piece(box, name)?.setAttribute("role", narrow ? "tabpanel" : "group");
      piece(box, name)?.setAttribute("aria-label", label);
    }
    chooseTab(box, box.dataset.tab ?? "tasks");
    changed();
  };
  follow(); // at once, so that whoever scrolls to it knows its height
  new ResizeObserver(follow).observe(box);
}

/**
 * @param {HTMLElement} box the opened stepper
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was for the tabs
 */
export function pressTab(box, { key, target }) {
  const tabs = tabsOf(box);
  const at = tabs.findIndex((tab) => tab === target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[key];
  if (at < 0 || to === undefined) return false;
  const tab = tabs[(to + tabs.length) % tabs.length];
  chooseTab(box, tab.dataset.tab ?? "");
  tab.focus();
  return true;
}
