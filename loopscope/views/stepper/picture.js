// Marks the moment in the timeline, and reads where it is clicked.

/** @param {SVGSVGElement} svg */
export function addPlayhead(svg) {
  const playhead = document.createElementNS("http://www.w3.org/2000/svg", "path");
  playhead.setAttribute("class", "playhead");
  svg.append(playhead);
}

/**
 * @param {SVGSVGElement} svg
 * @param {number | null} x
 */
export function movePlayhead(svg, x) {
  const path = x === null ? "" : `M${x} 18V${svg.viewBox.baseVal.height}`;
  svg.querySelector(".playhead")?.setAttribute("d", path);
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
