// Scrolls a pane so that what matters in it is seen, and never the page, as `scrollIntoView` does.

/**
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

/**
 * Lets the keyboard into a pane exactly if there is something to scroll.
 * @param {HTMLElement} pane
 */
export function keepReachable(pane) {
  const { scrollHeight, clientHeight, scrollWidth, clientWidth } = pane;
  pane.tabIndex = scrollHeight > clientHeight || scrollWidth > clientWidth ? 0 : -1;
}
