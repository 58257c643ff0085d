// Cuts what readers paste down to its message: a traceback is mostly of their own program.

const KIND = "(?:Error|Warning|Exception|Group|Interrupt|Exit|ShutDown)";
const RAISED = new RegExp(`\\b(?:[A-Za-z_]\\w*\\.)*\\w*${KIND}(?:: .*|:?\\s*$)`, "s");
const FRAME = /File "[^"]*", line \d+(?:, in \S+)?/g;
/** Messages around a traceback, or before the one that is last. */
const AROUND = new RegExp([
  "unhandled errors in a TaskGroup \\(\\d+ sub-exceptions?\\)", "\\w+ exception was never retrieved",
  "Task was destroyed but it is pending", "coroutine '[^']*' was never awaited",
  "Exception in callback", "Unhandled exception in client_connected_cb", "Unclosed \\w+ ?\\w*",
].join("|"), "g");

/**
 * @param {string} query one line, since a search field makes one of all that is pasted
 * @returns {string} the query itself, if nothing in it is a message
 */
export function messageIn(query) {
  let text = query;
  if (/File "|Traceback \(/.test(text)) {
    const frames = [...text.matchAll(FRAME)].at(-1);
    const rest = frames ? text.slice((frames.index ?? 0) + frames[0].length) : text;
    const around = [...new Set(text.match(AROUND))];
    text = [...around, rest.match(RAISED)?.[0] ?? rest].join(" ");
  }
  const isMessage = /Error|Warning|Exception|Traceback|<Task|<Future|0x[\da-f]{4}|never /;
  if (!isMessage.test(text)) return text;
  return text
    .replace(/Traceback \(most recent call last\):?/g, " ")
    .replace(/<(?:Task|Future|coroutine object)\b[^>]*>+(?: cb=\S*)?/g, " ")
    .replace(/\S*[\\/]\S+|\b\w+\.py(?::\d+)?:?|0x[\da-f]+|\bline \d+/gi, " ")
    .replace(/\b(?:[a-z_]\w*\.)+(?=[A-Z]\w*(?:Error|Warning|Exception|Group|ShutDown)\b)/g, "")
    .replace(/[|+~^]{2,}/g, " ");
}
