// Shows a page that was found as a link: its title, the section, the line that was found, and how the
// text there begins.

import { wordsOf } from "./words.js";

/** @typedef {import("./data.js").PageData} PageData */

/**
 * @param {PageData} page
 * @param {import("./index.js").Hit} hit
 * @param {string | undefined} excerpt of the section, if it is known
 */
export function resultElement([address, title, description, , , sections], hit, excerpt) {
  const [id, heading] = sections[hit.section] ?? ["", ""];
  const link = document.createElement("a");
  link.className = "md-search-result__link";
  link.href = new URL(`../${address}${id && `#${id}`}`, import.meta.url).href;
  const parts = {
    title,
    section: heading,
    line: hit.line === title ? "" : hit.line,
    excerpt: excerpt || description,
  };
  for (const [name, text] of Object.entries(parts)) {
    if (text) link.append(marked(`search-${name}`, text, hit.words));
  }
  const item = document.createElement("li");
  item.className = "md-search-result__item";
  item.append(link);
  return item;
}

/**
 * A text in which the words that were found are marked.
 * @param {string} name of its class
 * @param {string} text
 * @param {Set<string>} words
 */
function marked(name, text, words) {
  const element = document.createElement("span");
  element.className = name;
  // Every second piece is a word, or a name with its dots.
  text.split(/([\w.*-]*\w\*?)/).forEach((piece, place) => {
    const isFound = place % 2 && wordsOf(piece).some((word) => words.has(word));
    const mark = isFound ? document.createElement("mark") : "";
    if (mark) mark.textContent = piece;
    element.append(mark || piece);
  });
  return element;
}
