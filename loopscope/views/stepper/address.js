// The moment that the page's address asks for: `#step=7`, or `#step=tasks/main_waits:7.2` for one
// stepper of several.

/** @returns {{ example: string | undefined, address: string } | null} */
export function momentInAddress() {
  const asked = /^#step=(?:([\w/-]+):)?([\d.sw]+)$/.exec(decodeURIComponent(location.hash));
  return asked && { example: asked[1], address: asked[2] };
}
