// Scrolls a pane so that a line of it is seen.

/**
 * Unlike `scrollIntoView` it never scrolls the page.
 * @param {HTMLElement} pane
 * @param {HTMLElement | null} line
 */
export function scrollToLine(pane, line) {
  if (!line) return;
  const [top, height] = [line.offsetTop, line.offsetHeight];
  if (top < pane.scrollTop || top + height > pane.scrollTop + pane.clientHeight) {
    pane.scrollTop = top - pane.clientHeight / 2;
  }
}
