// Finds the parts of an opened stepper.

/**
 * @param {HTMLElement} box the opened stepper
 * @param {string} name as in its class, `stepper-name`
 */
export function piece(box, name) {
  return /** @type {HTMLElement} */ (box.querySelector(`.stepper-${name}`));
}

/**
 * @param {HTMLElement} box the opened stepper
 * @param {string} command
 */
export function buttonOf(box, command) {
  return /** @type {HTMLButtonElement} */ (box.querySelector(`button[data-do=${command}]`));
}

/**
 * @param {HTMLElement} button
 * @param {string} sign which a screen reader is not to read
 * @param {string} label
 */
export function setLabel(button, sign, label) {
  button.innerHTML = `<span aria-hidden="true">${sign}</span> ${label}`;
}
