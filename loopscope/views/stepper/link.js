// Links to a step: `#step=7`, or `#step=tasks/main_waits:7` for one stepper of several on a page.

/** @returns {{ example: string | undefined, step: number } | null} */
export function stepInAddress() {
  const asked = /^#step=(?:([\w/-]+):)?(\d+)$/.exec(decodeURIComponent(location.hash));
  return asked && { example: asked[1], step: Number(asked[2]) };
}

/**
 * @param {HTMLElement} button its text confirms that the link was copied
 * @param {string | undefined} page where the link leads; undefined for the current page
 * @param {number} step
 */
export async function copyLink(button, page, step) {
  const target = page ? new URL(page, location.href).href : location.href.split("#")[0];
  const address = `${target}#step=${step}`;
  try {
    await navigator.clipboard.writeText(address);
    button.textContent = "Copied";
  } catch {
    prompt("The link to this step:", address);
  }
  setTimeout(() => (button.textContent = "Copy link to this step"), 2000);
}
