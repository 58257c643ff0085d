// Copies a link to a moment; address.js reads it.

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
