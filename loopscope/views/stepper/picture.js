// Marks the moment in the timeline, keeps it in sight, and reads where it is clicked.

/** @param {SVGSVGElement} svg */
export function addPlayhead(svg) {
  const playhead = document.createElementNS("http://www.w3.org/2000/svg", "path");
  playhead.setAttribute("class", "playhead");
  svg.append(playhead);
}

/**
 * @param {HTMLElement} pane
 * @param {SVGSVGElement} svg
 * @param {number | null} x
 * @param {number | undefined} row of the task that the moment is about, from 0
 */
export function movePlayhead(pane, svg, x, row) {
  const { width, height } = svg.viewBox.baseVal;
  svg.querySelector(".playhead")?.setAttribute("d", x === null ? "" : `M${x} 18V${height}`);
  const left = (Number(x) / width) * svg.clientWidth;
  const ahead = left - pane.scrollLeft;
  if (x !== null && (ahead < 20 || ahead > pane.clientWidth - 20)) {
    pane.scrollLeft = left - pane.clientWidth / 2;
  }
  const group = svg.querySelectorAll(":scope > g")[row ?? -1];
  if (!group) return;
  const box = group.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) {
    pane.scrollTop += (box.top + box.bottom - frame.top - frame.bottom) / 2;
  }
}

/**
 * @param {SVGSVGElement} svg
 * @param {MouseEvent} event
 * @returns {number} the x coordinate in the picture's units
 */
export function clickedX(svg, event) {
  const box = svg.getBoundingClientRect();
  return ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
}
