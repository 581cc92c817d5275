// Values on their way into FEEL and out of it. Plain script, after calls.js; adds `received` and `plain`.
"use strict";

(() => {
  const H = globalThis.headwayValues;
  const { called, isMoment, kindOf, moments, numbers, troubled } = H;
  const MOST_PARTS = 20_000; // of a result
  const MOST_LETTERS = 200_000; // of a result
  const DEEPEST = 40; // a result

  const SENT = {
    d: moments.dateFrom,
    t: moments.timeFrom,
    m: moments.bothFrom,
    p: moments.lengthFrom,
    n: numbers.read,
  };

  /** Values as sent, with texts that begin with `mark` made the dates and numbers they stand for, in place. */
  function received(value, mark) {
    if (typeof value === "string") {
      return mark && value.startsWith(mark) ? SENT[value[mark.length]](value.slice(mark.length + 1)) : value;
    }
    if (value === null || typeof value !== "object") return value;
    delete value["__proto__"];
    for (const key of Object.keys(value)) value[key] = received(value[key], mark);
    return value;
  }

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
      if (kind === "number") return numbers.kept(given);
      if (kind === "list") return Array.from(given, (item) => one(item, depth + 1));
      if (isMoment(kind)) return String(given);
      if (kind !== "context" || Object.getPrototypeOf(given) !== Object.prototype) {
        return troubled(`it gives ${called(given)}, which cannot be kept as an answer`);
      }
      const entries = Object.entries(given).filter(([key]) => key !== "__proto__");
      return Object.fromEntries(entries.map(([key, item]) => [text(key), one(item, depth + 1)]));
    };
    return one(result, 0);
  }

  Object.assign(H, { plain, received });
})();
