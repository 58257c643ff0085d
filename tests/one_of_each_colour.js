// Marks the elements whose contrast need not be measured, because another one's is the same.
//
// In:  the document, as it is laid out now. Out: of all elements with one combination of colours,
//      the first gets the attribute `data-colours` and the others `data-same-colours`, both with the
//      combination's number.
//
// A combination is everything that decides on contrast: the text's own colour, size and weight, and
// the backgrounds and opacities around it. A text has no number, and is measured, if something lies
// over or under it without being around it, or is around it and doesn't cover it, or is an image.
() => {
  const PAINTS = "img, svg, video, canvas, iframe, object, embed, input, select, textarea, button";
  const WORD = /[\p{L}\p{N}]/u; // axe measures nothing that has none
  const NOTHING = ["rgba(0, 0, 0, 0)", "none", "1", "normal", "none", "none"];
  const elements = [document.documentElement, ...document.querySelectorAll("body, body *")];
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const edges = (rect) => [rect.left, rect.top, rect.right, rect.bottom];
  // a pixel more or less is a matter of rounding
  const meet = (a, b) => a[0] + 1 < b[2] && b[0] + 1 < a[2] && a[1] + 1 < b[3] && b[1] + 1 < a[3];
  const covers = (a, b) => a[0] <= b[0] + 1 && a[1] <= b[1] + 1 && a[2] >= b[2] - 1 && a[3] >= b[3] - 1;

  const painted = new Map(); // element -> what it and everything around it paint, as text
  const boxes = [];
  for (const element of elements) {
    delete element.dataset.colours;
    delete element.dataset.sameColours;
    const style = getComputedStyle(element);
    const { backgroundColor, backgroundImage, opacity, mixBlendMode, filter, boxShadow } = style;
    const own = [backgroundColor, backgroundImage, opacity, mixBlendMode, filter, boxShadow];
    const isPlain = own.every((value, place) => value === NOTHING[place]);
    const around = painted.get(element.parentElement) ?? "";
    const name = element.matches(PAINTS) ? element.localName : "";
    painted.set(element, isPlain && !name ? around : `${around}|${name} ${own}`);
    const hasImage = backgroundImage !== "none";
    const isBox = backgroundColor !== NOTHING[0] || hasImage || name;
    if (isBox && isSeen(element)) {
      boxes.push({ element, hasImage, edges: edges(element.getBoundingClientRect()) });
    }
  }

  const range = document.createRange();
  const linesOf = (element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE && WORD.test(node.data))
      .flatMap((text) => {
        range.selectNodeContents(text);
        return [...range.getClientRects()].map(edges);
      });
  const numbers = new Map();
  for (const element of elements) {
    const lines = isSeen(element) ? linesOf(element) : [];
    if (lines.length === 0 || element.matches(PAINTS)) continue;
    const isAlone = boxes.some((box) =>
      box.element.contains(element)
        ? box.hasImage || !lines.every((line) => covers(box.edges, line))
        : lines.some((line) => meet(box.edges, line)),
    );
    if (isAlone) continue;
    const style = getComputedStyle(element);
    const { color, webkitTextFillColor, webkitTextStroke, textShadow, fontSize, fontWeight } = style;
    const own = [color, webkitTextFillColor, webkitTextStroke, textShadow, fontSize, fontWeight];
    const combination = `${own} on ${painted.get(element)}`;
    const known = numbers.get(combination);
    if (known === undefined) {
      element.dataset.colours = String(numbers.size);
      numbers.set(combination, numbers.size);
    } else {
      element.dataset.sameColours = String(known);
    }
  }
}
