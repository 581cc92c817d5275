// Values on their way into FEEL and out of it, and the days a school is open. Plain script; feel_prelude.js follows it.
// Needs globalThis.feel (feelin). Gives globalThis.headwayValues.
"use strict";

(() => {
  const feel = globalThis.feel;
  const MOST_PARTS = 20_000; // of a result
  const MOST_LETTERS = 200_000; // of a result
  const DEEPEST = 40; // a result
  const MOST_DAYS = 4_000; // walked by one function: eleven years
  const DAY = 86_400_000;

  let trouble = null; // the first fault of a run that feelin would not tell
  let calendar = null; // of the run

  function troubled(sentence) {
    trouble ??= sentence;
    return null;
  }

  /** Begin a run; `given` is the school's calendar {closed: [day], terms: [[first, last]]}, if any. */
  function begin(given) {
    trouble = null;
    calendar = given;
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

  function kindOf(value) {
    if (value === null || value === undefined) return null;
    if (typeof value !== "object") return typeof value;
    if (Array.isArray(value)) return "list";
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

  // feelin compares a text with a number as JavaScript would: "abc" >= 3 is true there.
  const includes = feel.FeelRange.prototype.includes;
  feel.FeelRange.prototype.includes = function (value) {
    const kind = kindOf(value);
    const bound = kindOf(this.start ?? this.end);
    const alike = kind === null || kind === "range" || bound === null || kind === bound;
    return alike ? includes.call(this, value) : unlike(kind, bound);
  };

  const feelSame = feel.evaluate("function(a, b) a = b").value.fn;

  /** Whether two values are equal. feelin says null, as good as no, to 5 = "5"; here it is a fault. */
  function same(one, other) {
    const kinds = [kindOf(one), kindOf(other)];
    const comparable = kinds.some((kind) => kind === null || kind === "list") || kinds[0] === kinds[1];
    return comparable ? feelSame(one, other) : unlike(...kinds);
  }

  // ---- in ------------------------------------------------------------------------------------------------------

  const MOMENT = { d: feel.parseDate, t: feel.parseTime, m: feel.parseDateTime, p: feel.duration };

  /** Values as sent, with texts that begin with `mark` made the dates they stand for, in place. */
  function received(value, mark) {
    if (typeof value === "string") {
      return mark && value.startsWith(mark) ? MOMENT[value[mark.length]](value.slice(mark.length + 1)) : value;
    }
    if (value === null || typeof value !== "object") return value;
    delete value["__proto__"];
    for (const key of Object.keys(value)) value[key] = received(value[key], mark);
    return value;
  }

  // ---- out -----------------------------------------------------------------------------------------------------

  /** A value as plain JSON; dates, times and lengths of time as their ISO texts. Throws RangeError when too large. */
  function plain(result) {
    let parts = 0;
    let letters = 0;
    const text = (given) => {
      letters += given.length;
      if (letters > MOST_LETTERS) throw new RangeError();
      return given.toWellFormed().replaceAll("\0", "\uFFFD");
    };
    const one = (given, depth) => {
      if (++parts > MOST_PARTS || depth > DEEPEST) throw new RangeError();
      const kind = kindOf(given);
      if (kind === null || kind === "boolean") return given ?? null;
      if (kind === "string") return text(given);
      if (kind === "number") return Number.isFinite(given) ? given : troubled("it gives a number without end");
      if (kind === "list") return Array.from(given, (item) => one(item, depth + 1));
      if (MOMENTS.has(kind)) return String(given);
      if (kind !== "context" || Object.getPrototypeOf(given) !== Object.prototype) {
        return troubled(`it gives ${called(given)}, which cannot be kept as an answer`);
      }
      const entries = Object.entries(given).filter(([key]) => key !== "__proto__");
      return Object.fromEntries(entries.map(([key, item]) => [text(key), one(item, depth + 1)]));
    };
    return one(result, 0);
  }

  // ---- school days ---------------------------------------------------------------------------------------------

  /** A day as milliseconds, from a date, a date and time or an ISO text; null for nothing. */
  function dayOf(value, who) {
    if (isNothing(value)) return null;
    const text = typeof value === "string" || kindOf(value) === "date and time";
    const date = text ? feel.parseDate(String(value).slice(0, 10)) : value;
    if (kindOf(date) !== "date") return troubled(`${who} was given something that is not a date`);
    return Date.parse(`${date}T00:00:00Z`);
  }

  /** Whether a day is open, by the rule of the deadlines: a weekday in term, not closed; after the last term known,
   *  any weekday that is not closed. */
  function openDays(who) {
    if (kindOf(calendar) !== "context") return troubled(`${who} needs a calendar, and none is known here`);
    const closed = new Set([...(calendar.closed ?? []), ...(calendar.holidays ?? [])].map((day) => dayOf(day, who)));
    const terms = (calendar.terms ?? []).map(([first, last]) => [dayOf(first, who), dayOf(last, who)]);
    const lastKnown = Math.max(...terms.map(([, last]) => last));
    return (day) => {
      const weekday = new Date(day).getUTCDay();
      if (weekday === 0 || weekday === 6 || closed.has(day)) return false;
      return day > lastKnown || terms.some(([first, last]) => first <= day && day <= last);
    };
  }

  function isSchoolDay(date) {
    const day = dayOf(date, "is school day");
    const open = openDays("is school day");
    return day === null || open === null ? null : open(day);
  }

  function schoolDaysBetween(from, to) {
    const who = "school days between";
    const [first, last, open] = [dayOf(from, who), dayOf(to, who), openDays(who)];
    if (first === null || last === null || open === null) return null;
    if (Math.abs(last - first) > MOST_DAYS * DAY) return troubled(`${who} was given dates too far apart`);
    let count = 0;
    for (let day = Math.min(first, last) + DAY; day <= Math.max(first, last); day += DAY) count += open(day) ? 1 : 0;
    return last < first ? -count : count;
  }

  function addSchoolDays(date, count) {
    const who = "add school days";
    const open = openDays(who);
    let day = dayOf(date, who);
    if (day === null || open === null || isNothing(count)) return null;
    if (!Number.isInteger(count)) return troubled(`${who} was given something that is not a whole number`);
    let left = Math.abs(count);
    for (let walked = 0; left > 0 || !open(day); walked++) {
      if (walked > MOST_DAYS) return troubled(`${who} found too few school days in the calendar`);
      day += count < 0 ? -DAY : DAY;
      if (left > 0 && open(day)) left -= 1;
    }
    return feel.parseDate(new Date(day).toISOString().slice(0, 10));
  }

  function takes(parameters, run) {
    run.$args = parameters;
    return run;
  }

  const functions = {
    "is school day": takes(["date"], isSchoolDay),
    "school days between": takes(["from", "to"], schoolDaysBetween),
    "add school days": takes(["date", "count"], addSchoolDays),
  };

  globalThis.headwayValues = {
    begin,
    called,
    functions,
    isNothing,
    kindOf,
    plain,
    received,
    same,
    takes,
    trouble: () => trouble,
    troubled,
  };
})();
