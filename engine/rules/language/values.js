// What FEEL's values are here, and what is said when something goes wrong with them. Plain script, after the bundle.
// Needs globalThis.feel (feelin and Decimal). Gives globalThis.headwayValues, which the next scripts add to.
"use strict";

(() => {
  const { feel } = globalThis;

  // ---- trouble -------------------------------------------------------------------------------------------------

  let mistake = null; // the first thing wrong with the rule itself
  let mishap = null; // the first thing that went wrong with these values only: divided by zero, no such date
  let calendar = null; // of the run

  /** Begin a run; `given` is the school's calendar {closed: [day], terms: [[first, last]]}, if any. */
  function begin(given) {
    mistake = null;
    mishap = null;
    calendar = given;
  }

  function troubled(sentence) {
    mistake ??= sentence;
    return null;
  }

  /** As troubled(), for what `and` and `or` forgive when their other side decides: `n != 0 and total / n > 3`. */
  function unlucky(sentence) {
    mishap ??= sentence;
    return null;
  }

  const mishaps = {
    mark: () => mishap,
    forgetSince(mark) {
      mishap = mark;
    },
    /** What `run` gives; a mishap in it is told with the words of where it was. */
    named(run, told) {
      const before = mishap;
      const result = run();
      if (before === null && mishap !== null) mishap = told(mishap);
      return result;
    },
  };

  /** Run something whose troubles do not count, because it is only tried. */
  function quietly(run) {
    const before = [mistake, mishap];
    const result = run();
    const fine = mistake === before[0] && mishap === before[1];
    [mistake, mishap] = before;
    return fine ? result : null;
  }

  // ---- kinds ---------------------------------------------------------------------------------------------------

  const KINDS = {
    number: "a number",
    string: "a text",
    boolean: "yes or no",
    list: "a list",
    context: "a group of values",
    date: "a date",
    time: "a time",
    "date and time": "a date and time",
    duration: "a length of time",
    range: "a range",
    function: "a function",
  };
  const MOMENTS = new Set(["date", "time", "date and time", "duration"]);

  /** A number is JavaScript's own where that says exactly the same, else a Decimal. */
  function kindOf(value) {
    if (value === null || value === undefined) return null;
    if (typeof value !== "object") return typeof value;
    if (Array.isArray(value)) return "list";
    if (value instanceof feel.Decimal) return "number";
    if (value instanceof feel.FeelDate) return "date";
    if (value instanceof feel.FeelTime) return "time";
    if (value instanceof feel.FeelDateTime) return "date and time";
    if (value instanceof feel.FeelDuration) return "duration";
    if (value instanceof feel.FeelRange) return "range";
    return value instanceof feel.FeelFunction ? "function" : "context";
  }

  const called = (value) => KINDS[kindOf(value)] ?? "something";
  const isNothing = (value) => value === null || value === undefined || value === "";

  /** A fault for comparing kinds that cannot be compared. */
  function unlike(one, other) {
    const kinds = [one, other];
    const moment = kinds.includes("string") && kinds.find((kind) => MOMENTS.has(kind));
    const hint = moment ? `; write ${moment}(...) around the text` : "";
    return troubled(`it compares ${KINDS[one]} with ${KINDS[other]}${hint}`);
  }

  /** An entry of a context, which only its own names are; undefined when there is none. */
  function entryOf(context, name) {
    if (Object.hasOwn(context, name)) return context[name];
    if (!name.includes(" ")) return undefined;
    const key = Object.keys(context).find((each) => each.replace(/\s+/g, " ").trim() === name);
    return key === undefined ? undefined : context[key];
  }

  /** A context of entries [key, value]. Nothing is ever put under the one name that JavaScript does not keep as one. */
  const contextOf = (entries) => Object.fromEntries(entries.filter(([key]) => key !== "__proto__"));

  globalThis.headwayValues = {
    begin,
    calendarOfRun: () => calendar,
    called,
    contextOf,
    entryOf,
    isMoment: (kind) => MOMENTS.has(kind),
    isNothing,
    KINDS,
    kindOf,
    mishaps,
    quietly,
    trouble: () => mistake ?? mishap,
    troubled,
    unlike,
    unlucky,
  };
})();
