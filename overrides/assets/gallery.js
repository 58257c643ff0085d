// The gallery of all examples: filters the list, and draws the runs that come near the screen.

const SVG = "http://www.w3.org/2000/svg";
const KINDS = ["run", "wait", "blocked"]; // as in loopscope/views/thumbnail.py
const ROW = 6, ACROSS = 160, ROWS = 6;

// What is typed, as a test of an example's text. `uses:X` asks for one name of asyncio, exactly.
export function matcher(typed) {
  const terms = typed.split(/\s+/).filter(Boolean);
  return (text, names) => terms.every((term) => term.startsWith("uses:")
    ? names.includes(term.slice(5).replace(/^asyncio\./, "").replace(/\(\)$/, ""))
    : text.includes(term.toLowerCase().replace(/^asyncio\./, "").replace(/\(\)$/, "")));
}

// The theme makes relative addresses absolute.
const nameOf = (item) => item.querySelector("a").href.split("/").slice(-3, -1).join("/");

function draw(item, paths) {
  const svg = document.createElementNS(SVG, "svg");
  // The last row stands right above the title.
  const last = Math.max(...[...paths.join("").matchAll(/M\d+ (\d+)/g)].map(([, y]) => Number(y)));
  svg.setAttribute("viewBox", `0 ${last + ROW / 2 - ROW * ROWS} ${ACROSS} ${ROW * ROWS}`);
  svg.setAttribute("preserveAspectRatio", "xMinYMax meet");
  svg.setAttribute("aria-hidden", "true");
  paths.forEach((data, kind) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", KINDS[kind]);
    path.setAttribute("d", data);
    svg.append(path);
  });
  item.prepend(svg);
}

async function drawAll(list) {
  const pictures = await (await fetch(new URL(list.dataset.pictures, document.baseURI))).json();
  for (const item of list.children) {
    const paths = pictures[nameOf(item).split("/")[1]];
    if (paths && !item.querySelector("svg")) draw(item, paths);
  }
}

if (globalThis.HTMLElement) {
  customElements.define("example-filter", class extends HTMLElement {
    connectedCallback() {
      const input = this.querySelector("input"), count = this.querySelector("output");
      const lists = [...document.querySelectorAll("ul.gallery")];
      const items = lists.flatMap((list) => [...list.children]).map((item) => ({
        item,
        text: `${item.textContent} ${nameOf(item)}`.toLowerCase(),
        names: item.querySelector("small").textContent.split(" "),
      }));
      const filter = () => {
        const matches = matcher(input.value);
        let shown = 0;
        for (const { item, text, names } of items) {
          item.hidden = !matches(text, names);
          shown += Number(!item.hidden);
        }
        for (const list of lists) {
          const isEmpty = [...list.children].every((item) => item.hidden);
          list.hidden = list.previousElementSibling.hidden = isEmpty;
        }
        count.textContent = input.value.trim() ? `${shown} of ${items.length} examples` : `${items.length} examples`;
      };
      const uses = new URLSearchParams(location.search).get("uses");
      if (uses) input.value = `uses:${uses}`;
      input.addEventListener("input", filter);
      filter(); // also after "back", when the browser keeps what was typed
      const near = new IntersectionObserver((entries) => {
        for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
          near.unobserve(target);
          drawAll(target);
        }
      }, { rootMargin: "300px" });
      for (const list of lists) near.observe(list);
    }
  });
}
