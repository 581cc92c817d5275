// The functions over texts. Letters are counted as people count characters of a script, not as JavaScript's halves;
// patterns are those of XPath, as DMN has them. Plain script, after calling.js; adds `textOf` to headwayValues.
"use strict";

(() => {
  const H = globalThis.headwayValues;
  const { define, isMoment, kindOf, numbers, troubled, unlucky } = H;

  // ---- a value as text -----------------------------------------------------------------------------------------

  const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const inner = (value) => (kindOf(value) === "string" ? quoted(value) : (textOf(value) ?? "null"));
  const key = (name) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : quoted(name));

  function rangeText({ start, end, "start included": isFrom, "end included": isTo }) {
    if (start === null) return `(${isTo ? "<=" : "<"} ${inner(end)})`;
    if (end === null) return `(${isFrom ? ">=" : ">"} ${inner(start)})`;
    return `${isFrom ? "[" : "("}${inner(start)}..${inner(end)}${isTo ? "]" : ")"}`;
  }

  function textOf(value) {
    const kind = kindOf(value);
    if (kind === null) return null;
    if (kind === "number") return numbers.text(value);
    if (kind === "list") return `[${value.map(inner).join(", ")}]`;
    if (kind === "context")
      return `{${Object.entries(value)
        .map(([name, each]) => `${key(name)}: ${inner(each)}`)
        .join(", ")}}`;
    if (kind === "range") return rangeText(value);
    if (kind === "function") return troubled("it makes a text of a function");
    return isMoment(kind) ? value.toString() : String(value);
  }

  H.textOf = textOf;
  define("string", "from", textOf);

  // ---- number --------------------------------------------------------------------------------------------------

  const notANumber = (text) => unlucky(`“${text.slice(0, 40)}” is not a number`);
  const escaped = (mark) => mark.replace(/[.\s]/g, "\\$&");
  const GROUPS = new Set([" ", ",", "."]);

  function numberFrom(text, group = null, point = null) {
    if (text === "") return null;
    const fits =
      (group === null || GROUPS.has(group)) && [null, ".", ","].includes(point) && (group ?? " ") !== (point ?? ".");
    if (!fits) return unlucky("it reads a number with separators that FEEL does not know");
    const whole = group === null ? "\\d+" : `(?:\\d{1,3}(?:${escaped(group)}\\d{3})+|\\d+)`;
    const mark = escaped(point ?? ".");
    if (!new RegExp(`^-?(?:${whole}(?:${mark}\\d*)?|${mark}\\d+)$`).test(text)) return notANumber(text);
    const plain = group === null ? text : text.replaceAll(group, "");
    const found = numbers.read(plain.replace(point ?? ".", "."));
    return found === undefined ? notANumber(text) : found;
  }

  define("number", "from: string, grouping separator: string|nothing?, decimal separator: string|nothing?", numberFrom);
  define("number", "from: number", (given) => given);

  // ---- parts ---------------------------------------------------------------------------------------------------

  function substring(text, start, length) {
    const letters = Array.from(text);
    const from = H.placeIn(letters, start);
    if (from === null) return null;
    if (length === undefined) return letters.slice(from).join("");
    if (!numbers.isWhole(length) || numbers.compare(length, 1) < 0)
      return unlucky("it takes fewer than one letter of a text");
    return letters.slice(from, from + Number(length)).join("");
  }

  /** Where a place counted from 1, or from the end when negative, is in a list; null, with its reason, when nowhere. */
  H.placeIn = (list, place) => {
    if (!numbers.isWhole(place)) return unlucky("it counts places with a number that is not whole");
    const at = Number(place);
    if (at === 0) return unlucky("it asks for place 0, but places are counted from 1");
    const inside = Math.abs(at) <= list.length;
    if (!inside) return unlucky(`it asks for place ${at} of ${list.length}`);
    return at < 0 ? list.length + at : at - 1;
  };

  define("substring", "string: string, start position: number, length: number?", substring);
  define("string length", "string: string", (text) => Array.from(text).length);
  define("upper case", "string: string", (text) => text.toUpperCase());
  define("lower case", "string: string", (text) => text.toLowerCase());
  define("substring before", "string: string, match: string", (text, match) => {
    const at = text.indexOf(match);
    return at < 0 ? "" : text.slice(0, at);
  });
  define("substring after", "string: string, match: string", (text, match) => {
    const at = text.indexOf(match);
    return at < 0 ? "" : text.slice(at + match.length);
  });
  define("contains", "string: string, match: string", (text, match) => text.includes(match));
  define("starts with", "string: string, match: string", (text, match) => text.startsWith(match));
  define("ends with", "string: string, match: string", (text, match) => text.endsWith(match));

  function join(list, delimiter) {
    if (list.some((each) => each !== null && kindOf(each) !== "string"))
      return troubled("it joins what is not a text; write string(...) around it");
    return list.filter((each) => each !== null).join(delimiter ?? "");
  }

  define("string join", "list: list, delimiter: string|nothing?", join);

  // ---- patterns ------------------------------------------------------------------------------------------------

  // What JavaScript takes otherwise: [outside a class, inside one].
  const CLASSES = {
    d: ["\\p{Nd}", "\\p{Nd}"],
    D: ["\\P{Nd}", "\\P{Nd}"],
    s: ["[ \\t\\n\\r]", " \\t\\n\\r"],
    S: ["[^ \\t\\n\\r]", null],
    w: ["[^\\p{P}\\p{Z}\\p{C}]", "\\p{L}\\p{M}\\p{N}\\p{S}"],
    W: ["[\\p{P}\\p{Z}\\p{C}]", "\\p{P}\\p{Z}\\p{C}"],
    i: ["[_:\\p{L}]", "_:\\p{L}"],
    c: ["[-._:\\p{L}\\p{N}\\p{M}]", "\\-._:\\p{L}\\p{N}\\p{M}"],
  };
  const PIECE = /\\p\{Is\w+\}|\\(.)|\[|\]|\(\?(?!:)|\s|[^\\[\]\s(]+|./gsu;
  const MOST_PATTERNS = 200;
  const patterns = new Map();

  /** A pattern of XPath as one of JavaScript's; null when it is none. */
  function translated(pattern, isFree) {
    let depth = 0;
    let result = "";
    for (const [piece, escape] of pattern.matchAll(PIECE)) {
      if (piece.startsWith("\\p{Is") || piece === "(?") return null; // blocks of letters; looking ahead and behind
      if (piece === "[" && depth++ > 0) return null; // a class taken from a class
      if (piece === "]") depth -= 1;
      const put = escape !== undefined && Object.hasOwn(CLASSES, escape) ? CLASSES[escape][depth > 0 ? 1 : 0] : piece;
      if (put === null) return null;
      if (!(isFree && depth === 0 && /^\s$/.test(piece))) result += put;
    }
    return result;
  }

  function compiled(pattern, flags) {
    if (!/^[smix]*$/.test(flags)) return unlucky("it has a pattern with letters after it that FEEL does not know");
    try {
      const source = translated(pattern, flags.includes("x"));
      const used = [...new Set(flags.replaceAll("x", ""))].join("");
      if (source !== null) return new RegExp(source, `gu${used}`);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    return unlucky(`“${pattern.slice(0, 40)}” is not a pattern`);
  }

  /** A pattern, ready; null, with its reason told, when it cannot be read. */
  function patternOf(pattern, flags) {
    const name = `${flags ?? ""}/${pattern}`;
    const found = patterns.get(name) ?? compiled(pattern, flags ?? "");
    if (found) {
      if (patterns.size >= MOST_PATTERNS) patterns.clear();
      patterns.set(name, found);
      found.lastIndex = 0;
    }
    return found;
  }

  /** As patternOf(), for what cannot be done with a pattern that also finds nothing at all. */
  function cutting(pattern, flags) {
    const found = patternOf(pattern, flags);
    if (found === null || !found.test("")) {
      if (found) found.lastIndex = 0;
      return found;
    }
    return unlucky(`the pattern “${pattern.slice(0, 40)}” fits also where there is nothing`);
  }

  function matches(text, pattern, flags) {
    const found = patternOf(pattern, flags);
    return found === null ? null : found.test(text);
  }

  /** "$1" and "$0" stand for what was found, "\$" and "\\" for themselves, and any other "$" or "\" for nothing. */
  function replace(text, pattern, replacement, flags) {
    const found = cutting(pattern, flags);
    if (found === null) return null;
    if (!/^(?:[^\\$]|\\[\\$]|\$\d)*$/u.test(replacement))
      return unlucky("it replaces with a “$” or “\\” that stands for nothing");
    return text.replace(found, (...told) => {
      const groups = told.slice(
        0,
        told.findIndex((each) => typeof each === "number"),
      );
      return replacement.replace(/\\([\\$])|\$(\d+)/g, (_, plain, figures) => plain ?? groupOf(groups, figures));
    });
  }

  /** "$12" is the twelfth group, or the first and a 2 when there are not so many. */
  function groupOf(groups, figures) {
    for (let length = figures.length; length > 1; length--) {
      const number = Number(figures.slice(0, length));
      if (number < groups.length) return (groups[number] ?? "") + figures.slice(length);
    }
    return (groups[Number(figures[0])] ?? "") + figures.slice(1);
  }

  /** What stands between what a pattern finds; one that finds nothing at all stands between all letters. */
  function split(text, delimiter) {
    const found = patternOf(delimiter, "");
    if (found === null) return null;
    const groups = new RegExp(`${found.source}|`, found.flags).exec("").length;
    return text.split(found).filter((_, at) => at % groups === 0);
  }

  define("matches", "input: string, pattern: string, flags: string|nothing?", matches);
  define("replace", "input: string, pattern: string, replacement: string, flags: string|nothing?", replace);
  define("split", "string: string, delimiter: string", split);
})();
