// The lines that readers search, as sitebuild/rendering/search_data.py writes them.

/**
 * A part of a page: the heading's id, the heading, the code words of its prose, its messages.
 * @typedef {[id: string, heading: string, words: string, messages: string[]]} Section
 */

/**
 * @typedef {[address: string, title: string, description: string, weight: number,
 *   answers: string[], sections: Section[]]} PageData
 */

/**
 * A line that can be found. Of a title, a question and a message, the text is in `line`.
 * @typedef {object} Line
 * @property {number} id its index among all lines
 * @property {number} page index of its page
 * @property {number} section index of its section on the page, or -1
 * @property {"title" | "answer" | "message" | "section"} kind
 * @property {string} [line]
 * @property {string} [description]
 * @property {string} [heading]
 * @property {string} [words]
 */

/**
 * @param {PageData[]} pages
 * @returns {Line[]}
 */
export function linesOf(pages) {
  /** @type {Omit<Line, "id">[]} */ const lines = [];
  pages.forEach(([, title, description, , answers, sections], page) => {
    lines.push({ page, section: -1, kind: "title", line: title, description });
    for (const line of answers) lines.push({ page, section: -1, kind: "answer", line });
    sections.forEach(([, heading, words, messages], section) => {
      if (heading || words) lines.push({ page, section, kind: "section", heading, words });
      for (const line of messages) lines.push({ page, section, kind: "message", line });
    });
  });
  return lines.map((line, id) => ({ id, ...line }));
}
