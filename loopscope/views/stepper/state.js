// The state of the loop after each event: `after` of loopscope/views/moments.py, field by field.

/** @typedef {import("./events.js").Event} Event */
/** @typedef {import("./record.js").Entry} Entry */

/**
 * A step that is running: who, the line that is next, and the call that it belongs to.
 * @typedef {[Entry, number | null, number | null]} Running
 */

/**
 * What a task waits for, its line, and its innermost call.
 * @typedef {[string, number | null, number | null]} Waiting
 */

/**
 * The state at one moment. Tasks are identified by number.
 * @typedef {object} State
 * @property {number} at seconds since the run began
 * @property {string} text what has just happened
 * @property {Running[]} running innermost last
 * @property {Entry[]} ready in order
 * @property {number} ready_more how many more entries that queue has
 * @property {[number, Waiting][]} waiting those that began to wait last are last
 * @property {import("./events.js").Ended[]} ended in order
 * @property {import("./events.js").Timer[]} timers the earliest first
 * @property {number} printed lines of output
 * @property {number | null} x place in the timeline
 * @property {number[]} ran lines that have run in this step, or the last one
 * @property {[[number, string], string][]} values text of each variable, by call and name
 * @property {[number, string][]} changed call and name of what the last event changed
 */

/** @type {State} */
const FIRST = {
  at: 0, text: "", running: [], ready: [], ready_more: 0, waiting: [], ended: [], timers: [],
  printed: 0, x: null, ran: [], values: [], changed: [],
};

/**
 * @param {number[]} ran
 * @param {Running} last the last line that has run
 */
function withLine(ran, [, line, frame]) {
  return line === null || frame === null || ran.includes(line) ? ran : [...ran, line];
}

/**
 * @param {State} state
 * @param {import("./events.js").Value[]} changes
 */
function withValues(state, changes) {
  if (!changes.length) return { ...state, changed: [] };
  /** @type {Map<string, State["values"][0]>} */
  const known = new Map(state.values.map((value) => [value[0].join(), value]));
  for (const [call, name, text] of changes) {
    if (text === null) known.delete(`${call},${name}`);
    else known.set(`${call},${name}`, [[call, name], text]);
  }
  /** @type {State["changed"]} */ const changed = changes.map(([call, name]) => [call, name]);
  return { ...state, values: [...known.values()], changed };
}

/**
 * @param {State} state
 * @param {Event} event
 * @returns {State}
 */
function after(state, event) {
  const next = withValues(state, "values" in event ? event.values : []);
  if ("printed" in event) next.printed = event.printed ?? state.printed;
  const outer = state.running.slice(0, -1);
  const innermost = state.running[outer.length];
  if (event.kind === "line") {
    next.running = [...outer, [innermost[0], event.line, event.frame]];
    next.ran = withLine(state.ran, innermost);
    next.at = event.at ?? state.at;
    next.ready = [...state.ready, ...event.woken];
    next.waiting = state.waiting.filter(([task]) => !event.woken.includes(task));
    return next;
  }
  const { at, text, kind } = event;
  Object.assign(next, { at, text, x: kind === "end" ? null : event.x });
  if (kind === "sleep") return next;
  if (kind === "end") {
    return { ...next, running: [], ready: [], waiting: [], timers: [], ended: event.ended };
  }
  /** @type {Set<Entry>} */
  const gone = new Set([...event.woken, ...event.ended.map(([task]) => task)]);
  const waiting = new Map(state.waiting);
  if (kind === "start") {
    gone.add(event.who);
    // Without lines of its own, it only resumes where it was.
    const frame = event.frame ?? waiting.get(Number(event.who))?.[2] ?? null;
    next.running = [...(event.inside ? state.running : []), [event.who, event.line, frame]];
    next.ready = event.ready ?? state.ready.slice(1);
    next.ran = [];
  } else {
    const [who, , frame] = innermost;
    if (event.waits_for !== null && typeof who === "number") {
      waiting.set(who, [event.waits_for, event.line, frame]);
    }
    next.running = outer;
    next.ready = event.ready ?? [...state.ready, ...event.woken];
    next.timers = event.timers ?? state.timers;
    next.ran = withLine(state.ran, innermost);
  }
  next.ready_more = event.ready_more;
  next.waiting = [...waiting].filter(([task]) => !gone.has(task));
  next.ended = [...state.ended, ...event.ended];
  return next;
}

/**
 * The state after each event.
 * @param {Event[]} events
 */
export function states(events) {
  let state = FIRST;
  return events.map((event) => (state = after(state, event)));
}
