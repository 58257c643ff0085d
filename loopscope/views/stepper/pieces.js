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
