// Finds pages: the lines that share words with a query, and the pages that these lines lead to.

import { linesOf } from "./data.js";
import { messageIn } from "./message.js";
import { wordsOf } from "./words.js";

/** @typedef {import("./data.js").Line} Line */
/** @typedef {import("./data.js").PageData} PageData */

/**
 * @typedef {object} Hit
 * @property {number} page index of the page
 * @property {number} section index of the section that it leads to, or -1 for the top
 * @property {string} line the question or the message that was found; empty if it was neither
 * @property {Set<string>} words those that were found
 */

/** @typedef {{ line: Line, terms: string[], score: number }} Found */

const BOOST = { line: 3, heading: 2, description: 1.5, words: 1 };
const LONG = 8; // words of a query that is pasted rather than typed
const SECOND_LINE = 0.6; // how much a page's second-best line counts

export class Index {
  /** @type {Set<string>} */ known = new Set();

  /**
   * @param {typeof import("./minisearch.js").default} MiniSearch
   * @param {PageData[]} pages
   */
  constructor(MiniSearch, pages) {
    this.pages = pages;
    this.lines = linesOf(pages);
    /** @type {import("./minisearch.js").default<Line>} */
    this.mini = new MiniSearch({
      fields: Object.keys(BOOST),
      tokenize: (text, field) => {
        const words = wordsOf(field === "line" ? messageIn(text) : text);
        for (const word of words) this.known.add(word);
        return words;
      },
      processTerm: (word) => word,
    });
    this.mini.addAll(this.lines);
  }

  /**
   * @param {string} query
   * @returns {Hit[]} best first, one for each page
   */
  find(query) {
    const text = messageIn(query);
    const words = [...new Set(wordsOf(text))].map((word) => this.mended(word));
    /** @type {Map<number, Found[]>} */ const byPage = new Map();
    for (const found of words.length ? this.matches(words) : this.likely(wordsOf(text, true))) {
      const list = byPage.get(found.line.page) ?? [];
      list.push({ ...found, score: found.score * this.pages[found.line.page][3] });
      byPage.set(found.line.page, list);
    }
    return [...byPage.values()]
      .map((list) => list.sort((one, other) => other.score - one.score))
      .map((list) => ({ list, score: list[0].score + SECOND_LINE * (list[1]?.score ?? 0) }))
      .sort((one, other) => other.score - one.score)
      .map(({ list }) => hitOf(list));
  }

  /**
   * The lines that have some of the words. Best are those that have most of them, and little else.
   * @param {string[]} words
   * @returns {Found[]}
   */
  matches(words) {
    const isTyped = words.length <= LONG;
    const results = this.mini.search(words.join(" "), {
      tokenize: (joined) => joined.split(" "),
      boost: BOOST,
      // A word that is complete elsewhere may still be typed at the end.
      prefix: (word) =>
        isTyped && word.length > 2 && (word === words.at(-1) || !this.known.has(word)),
      fuzzy: (word) => isTyped && word.length > 4 && !this.known.has(word) && 0.2,
      weights: { prefix: 0.5, fuzzy: 0.4 },
    });
    return results.map(({ id, score, terms, queryTerms }) => {
      const line = this.lines[id];
      const ofQuery = new Set(queryTerms).size / words.length;
      const ofLine = terms.length / new Set(wordsOf(line.line ?? "")).size;
      const weight = (0.5 + 0.5 * ofQuery) * (0.6 + 0.4 * Math.min(1, ofLine));
      return { line, terms, score: score * weight };
    });
  }

  /**
   * The lines that are most like a query of words that every text has: "when to use asyncio".
   * @param {string[]} words
   * @returns {Found[]}
   */
  likely(words) {
    return this.lines.flatMap((line) => {
      const own = new Set(wordsOf(line.line ?? "", true));
      const terms = words.filter((word) => own.has(word));
      const score = terms.length / (own.size + words.length - terms.length);
      return score > 0.3 ? [{ line, terms, score }] : [];
    });
  }

  /**
   * A word that no line has may be one with two letters swapped.
   * @param {string} word
   */
  mended(word) {
    if (this.known.has(word) || word.length < 4) return word;
    for (let at = 0; at < word.length - 1; at++) {
      const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
      if (this.known.has(swapped)) return swapped;
    }
    return word;
  }
}

/**
 * @param {Found[]} list of one page, best first
 * @returns {Hit}
 */
function hitOf(list) {
  const [{ line: best, score }] = list;
  const quoted = list.find((one) =>
    (one.line.kind === "answer" || one.line.kind === "message") && one.score > 0.5 * score);
  const inside = list.find((one) => one.line.section > 0 && one.score > 0.6 * score);
  return {
    page: best.page,
    section: inside?.line.section ?? -1,
    line: quoted?.line.line ?? "",
    words: new Set(list.flatMap(({ terms }) => terms)),
  };
}
