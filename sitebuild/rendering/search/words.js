// Splits texts into words to compare: those of the lines and those of a query, in the same way.

const STOP_WORDS = new Set((
  "a an the and or of to in on at by for from with as is are was were be been am it its this " +
  "that these those i you we me my your our he she they them do does did done how what why " +
  "which who whom when where can could should would will may might must have has had get gets " +
  "got there here than then so if not no but about into out up just only very use uses using " +
  "used need want make way example examples one python asyncio async actually really between vs " +
  "versus difference please help don t s"
).split(" "));

/** `async with` is found as one word, of two that every text has. */
const CHUNK = /except\*|async (?:with|for|def)\b|[A-Za-z_]\w*(?:[.-][A-Za-z_]\w*)*|\d+(?:\.\d+)*/g;

/** What a word may end in, how it ends instead, and how much must be before. */
const ENDINGS = /** @type {[string, string, number][]} */ ([
  ["cellation", "cel", 3], ["isation", "ize", 4], ["ization", "ize", 4], ["ation", "ate", 4],
  ["ingly", "", 4], ["edly", "", 4], ["ions", "", 4], ["ing", "", 3], ["ion", "", 4],
  ["ed", "", 3], ["ly", "", 4], ["ment", "", 4], ["ency", "ent", 4],
]);

/**
 * The stem of a word in lower case: that of "cancelled", "cancels" and "cancellation" is the same.
 * @param {string} word
 */
function stem(word) {
  if (word.length < 4 || /[_\d]/.test(word)) return word;
  let result = word;
  if (/.{3}ies$/.test(result)) result = result.slice(0, -3) + "y";
  else if (/(ss|x|ch|sh)es$/.test(result)) result = result.slice(0, -2);
  else if (/[^sui]s$/.test(result)) result = result.slice(0, -1);
  const found = ENDINGS.find(([ending, , before]) =>
    result.endsWith(ending) && result.length - ending.length >= before);
  if (found) result = result.slice(0, -found[0].length) + found[1];
  if (/.{2}([bdglmnprt])\1$/.test(result)) result = result.slice(0, -1);
  if (/.{4}e$/.test(result)) result = result.slice(0, -1);
  return result.replace(/(.{3})y$/, "$1i");
}

/**
 * The words of a text, without those that every text has. A name or a compound gives itself and its
 * parts: TaskGroup, task_group and "task group" meet, and so do back-pressure and "backpressure".
 * @param {string} text
 * @param {boolean} [withAll] whether the words that every text has are given too
 */
export function wordsOf(text, withAll = false) {
  const chunks = [...text.matchAll(CHUNK)].map(([chunk]) => chunk);
  return chunks.flatMap((chunk) => (withAll ? split(chunk, true) : splitOnce(chunk)));
}

/** Most chunks occur many times, and an index has ten thousand. */
const SPLIT = /** @type {Map<string, string[]>} */ (new Map());

/** @param {string} chunk */
function splitOnce(chunk) {
  const words = SPLIT.get(chunk) ?? split(chunk, false);
  SPLIT.set(chunk, words);
  return words;
}

/**
 * @param {string} chunk
 * @param {boolean} withAll
 */
function split(chunk, withAll) {
  const names = chunk.split(/[.-]/).map(partsOf);
  const joined = [names.length > 1 ? names.flat() : [], ...names.filter(({ length }) => length > 1)];
  const parts = names.flat().filter((part) =>
    withAll || (part.length > 1 && !STOP_WORDS.has(part)));
  return [...joined.filter(({ length }) => length).map((some) => some.join("")), ...parts].map(stem);
}

/** @param {string} name */
function partsOf(name) {
  if (name.startsWith("__")) return [name.toLowerCase()];
  return name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase().split(/[_ ]+/).filter(Boolean);
}
