// Links to a moment: `#step=7`, or `#step=tasks/main_waits:7.2` for one stepper of several.

/** @returns {{ example: string | undefined, address: string } | null} */
export function momentInAddress() {
  const asked = /^#step=(?:([\w/-]+):)?([\d.s]+)$/.exec(decodeURIComponent(location.hash));
  return asked && { example: asked[1], address: asked[2] };
}

/**
 * @param {HTMLElement} button its text confirms that the link was copied
 * @param {string | undefined} page where the link leads; undefined for the current page
 * @param {string} address of the moment
 */
export async function copyLink(button, page, address) {
  const target = page ? new URL(page, location.href).href : location.href.split("#")[0];
  const link = `${target}#step=${address}`;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(link);
    if (label !== "Copied") setTimeout(() => (button.textContent = label), 2000);
    button.textContent = "Copied";
  } catch {
    prompt("The link to this moment:", link);
  }
}
