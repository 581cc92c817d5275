// FEEL as Headway speaks it: the same scripts on the server and in the browser. feelin reads the text and keeps the
// days; what an expression means is in language/.
//
// Many expressions a call, each read once and kept; no clock; and a fault wherever something would have to be guessed,
// so that no condition takes a branch it was not told to take. Plain script, the last of them.
// Gives globalThis.headwayFeel = { evaluate, read, answer }.
"use strict";

(() => {
  const { feel } = globalThis;
  const {
    begin,
    builtin,
    calendarFunctions,
    CLOCK,
    comparing,
    INPUT,
    isNothing,
    kindOf,
    plain,
    prepareTest,
    received,
    tree,
  } = globalThis.headwayValues;
  const { trouble, troubled } = globalThis.headwayValues;
  const { childrenOf, isNull, keyOf, prepare, scopeOf, withoutBrackets, worded } = tree;
  const MOST_KEPT = 200_000; // letters of the expressions kept as read; each letter costs about 150 bytes
  const EACH_KEPT = 20; // letters an expression counts for beside its own
  const LONGEST = 4_000; // letters of an expression
  const DEEPEST = 100; // brackets in brackets
  const OURS = "headway_"; // begins names that no procedure may use
  const SPACED = Object.fromEntries([...calendarFunctions].map((name) => [name, null])); // for the grammar

  class Unreadable extends Error {}

  // ---- reading an expression -----------------------------------------------------------------------------------

  function refuseSize(text) {
    if (text.length > LONGEST) throw new Unreadable("is longer than 4,000 characters");
    let depth = 0;
    for (const letter of text) {
      if ("([{".includes(letter)) depth += 1;
      else if (")]}".includes(letter)) depth -= 1;
      if (depth > DEEPEST) throw new Unreadable("has too many brackets inside one another");
    }
  }

  function parsed(text, unary) {
    refuseSize(text);
    const tree = (unary ? feel.parseUnaryTests : feel.parseExpression)(text, SPACED);
    let wrong = null;
    tree.iterate({
      enter(node) {
        if (node.type.isError) wrong ??= node.from;
        return wrong === null;
      },
    });
    if (wrong === null) return tree.topNode;
    const near = text.slice(wrong).trim().slice(0, 30).replace(/\s+/g, " ");
    throw new Unreadable(`could not be read: ${near ? `something is wrong at “${near}”` : "its end is missing"}`);
  }

  /** Every part of a tree that `fits`. */
  function some(node, fits) {
    return fits(node) || childrenOf(node).some((part) => some(part, fits));
  }

  function runnable(text) {
    const top = parsed(text, false);
    const { names, filtered } = readsOf(text, top, false);
    return { names: new Set([...names, ...filtered]), run: prepare({ text, strict: false }, top) };
  }

  /** A table's cell: its tests, each a function from the names and the input to true, false or null. */
  function cell(text) {
    const top = parsed(text, true);
    const first = top.firstChild;
    if (first.name === "Wildcard") return { always: true };
    const negated = first.name === "not";
    const { names, filtered } = readsOf(text, top, true);
    const tests = childrenOf(negated ? first.nextSibling.nextSibling : first).map((node) =>
      cellTest(text, node.firstChild),
    );
    return { names: new Set([...names, ...filtered]), tests, negated };
  }

  // What a plain name, or a part of what it names, stands for is compared with the input; what is reckoned may be a
  // condition of its own.
  const NAMES = new Set(["VariableName", "PathExpression"]);

  function cellTest(text, node) {
    const read = { text, strict: true };
    const bare = withoutBrackets(node);
    const asksNull = some(node, isNull);
    if (bare.name === "BooleanLiteral") {
      const wanted = worded(text, bare) === "true";
      return { asksNull, test: (_, on) => on === wanted };
    }
    if (bare.name === "SimplePositiveUnaryTest" || isNull(bare)) return { asksNull, test: prepareTest(read, bare) };
    const value = prepare(read, bare);
    const readsInput = some(node, (part) => part.name === "?");
    return { asksNull, test: (scope, on) => passes(value(scope), on, readsInput, NAMES.has(bare.name)) };
  }

  /** Whether an input passes what a cell gives: a condition that holds, a value like it, a list or range it is in. */
  function passes(result, on, readsInput, isName) {
    const kind = kindOf(result);
    if (kind === "boolean") return result || (isName && on === false);
    if (kind === "list")
      return kindOf(on) === "list" && !readsInput ? comparing.equal(result, on) : comparing.isIn(on, result);
    return comparing.isIn(on, result);
  }

  const kept = new Map();
  let keptLetters = 0;

  function prepared(text, unary) {
    const key = (unary ? "cell " : "value ") + text;
    let found = kept.get(key);
    if (found === undefined) {
      try {
        found = unary ? cell(text) : runnable(text);
      } catch (error) {
        return { fault: thrown(error) };
      }
      keep(key, found);
    }
    return found;
  }

  function keep(key, found) {
    kept.set(key, found);
    keptLetters += key.length + EACH_KEPT;
    for (const oldest of kept.keys()) {
      if (keptLetters <= MOST_KEPT) return;
      kept.delete(oldest);
      keptLetters -= oldest.length + EACH_KEPT;
    }
  }

  // ---- running it ----------------------------------------------------------------------------------------------

  /** The names of the call that an expression reads. */
  function scopeFor({ names }, given, on) {
    for (const name of CLOCK)
      if (names.has(name) && isNothing(given(name))) return troubled(`${name} is not known here`);
    return scopeOf(null, (name) => (name === INPUT ? on : names.has(name) ? given(name) : undefined));
  }

  /**
   * Whether a cell applies. Nothing that is not answered makes it: an empty input passes only a test that says `null`
   * itself, and `not(...)` applies only when every test in it is known to fail.
   */
  function applies({ tests, negated }, scope, on) {
    const isEmpty = kindOf(on) === null;
    const results = tests.map(({ asksNull, test }) => (isEmpty && !asksNull ? null : test(scope, on)));
    const passed = results.reduce(comparing.either, false);
    if (negated && isEmpty && !tests.some(({ asksNull }) => asksNull)) return false;
    return passed === !negated;
  }

  function worked(expression, names, on) {
    if (expression.fault) return troubled(expression.fault);
    if (expression.always) return true;
    const scope = scopeFor(expression, names, on);
    if (scope === null) return null;
    return expression.tests ? applies(expression, scope, on) : expression.run(scope);
  }

  /** {value, fault} of something that may find trouble or throw. */
  function outcome(calendar, run) {
    begin(calendar);
    let value = null;
    try {
      value = run();
    } catch (error) {
      troubled(thrown(error));
    }
    return trouble() === null ? { value, fault: null } : { value: null, fault: trouble() };
  }

  function thrown(error) {
    if (error instanceof Unreadable) return error.message;
    if (error instanceof RangeError) return "it goes round without end or grows too large";
    if (error instanceof feel.SyntaxError) return "could not be read";
    return "it uses something Headway cannot work out";
  }

  /**
   * Many expressions at once. `asks`: [{text, scope, cell, on, of}]: scope adds names for one of them; cell: the text
   * is a table's cell, tested on `on` or on what an earlier ask, number `of`, gave. Dates among the names are texts
   * that begin with `mark` and a letter: d(ate), t(ime), m(oment), p(eriod), n(umber).
   * Returns [{value, fault}]; null when
   * reading took all of `patience` (milliseconds): ask again, what was read is kept.
   */
  function evaluate({ names: given, asks, mark = "", patience = Infinity }) {
    const enough = Date.now() + patience;
    const expressions = [];
    for (const { text, cell: unary = false } of asks) {
      if (Date.now() > enough) return null;
      expressions.push(prepared(text, unary));
    }
    const shared = received(given, mark);
    const outcomes = [];
    asks.forEach(({ scope = {}, on = null, of }, at) => {
      const own = received(scope, mark);
      const layers = [own, shared];
      const names = (name) => layers.find((layer) => Object.hasOwn(layer, name))?.[name];
      const earlier = of === undefined ? { value: received(on, mark), fault: null } : outcomes[of];
      const run = () => worked(expressions[at], names, earlier.value);
      outcomes.push(earlier.fault === null ? outcome(names("calendar"), run) : earlier);
    });
    return outcomes.map(({ value, fault }) => (fault === null ? outcome(null, () => plain(value)) : { value, fault }));
  }

  // ---- what an expression reads --------------------------------------------------------------------------------

  const SILENT = new Set(["PathName", "Key", "Name", "ParameterName"]); // words that name no value here
  const TYPES = new Set("Any Null number string boolean date time duration range list context function".split(" "));

  /** {fault, names, filtered}: names read from outside; `filtered` stand in a filter and may be an item's own. */
  function read(text, unary = false) {
    try {
      const { names, filtered } = readsOf(text, parsed(text, unary), unary);
      return { fault: null, names: [...names], filtered: [...filtered] };
    } catch (error) {
      return { fault: thrown(error), names: [], filtered: [] };
    }
  }

  function readsOf(text, top, inCell) {
    const found = { names: new Set(), filtered: new Set() };
    gather(text, top, new Set(), found.names, found.filtered);
    const asked = [found.names.delete("?"), found.filtered.delete("?")].includes(true);
    refuseUnless(inCell || !asked, "could not be read: “?” stands for something only in a decision table");
    return found;
  }

  function gather(text, node, bound, into, filtered) {
    const parts = childrenOf(node);
    const visit = (child, more = [], set = into) => gather(text, child, new Set([...bound, ...more]), set, filtered);
    const inOrder = (each, more, nameOf) => {
      for (const part of each) {
        visit(part, more);
        more.push(nameOf(part));
      }
      return more;
    };
    if (SILENT.has(node.name)) return;
    switch (node.name) {
      case "VariableName":
        return gatherName(worded(text, node), bound, into);
      case "?":
        return void into.add("?");
      case "QualifiedName":
        return refuseUnless(
          TYPES.has(worded(text, node)),
          `${worded(text, node)} is not a kind of value Headway knows`,
        );
      case "NumericLiteral": // the grammar takes 1e5 for 1
        return refuseUnless(!/e/i.test(worded(text, node)), `${worded(text, node)} must be written out in figures`);
      case "FilterExpression":
        visit(parts[0]);
        return parts.slice(1).forEach((part) => visit(part, ["item"], filtered));
      case "ForExpression":
      case "QuantifiedExpression":
        return visit(
          parts.at(-1),
          inOrder(childrenOf(parts[1]), ["partial"], (part) => worded(text, part.firstChild)),
        );
      case "FunctionDefinition":
        return visit(parts.at(-1), parametersOf(text, parts));
      case "Context":
        return void inOrder(parts.slice(1, -1), [], (part) => keyOf({ text }, part));
      default:
        return parts.forEach((part) => visit(part));
    }
  }

  function parametersOf(text, parts) {
    const lists = parts.filter((part) => part.name === "FormalParameters");
    return lists.flatMap(childrenOf).map((part) => worded(text, part.firstChild));
  }

  function refuseUnless(fine, sentence) {
    if (!fine) throw new Unreadable(sentence);
  }

  function gatherName(name, bound, into) {
    if (bound.has(name)) return;
    refuseUnless(!name.startsWith(OURS), `${name} is a name Headway keeps for itself`);
    refuseUnless(name !== "__proto__", `${name} cannot be the name of an answer`);
    if (calendarFunctions.has(name)) into.add("calendar");
    else if (CLOCK.has(name) || !builtin(name)) into.add(name);
  }

  // ---- the door ------------------------------------------------------------------------------------------------

  /** JSON in, JSON out. */
  function answer(json) {
    const asked = JSON.parse(json);
    return JSON.stringify(asked.read ? read(asked.read.text, asked.read.cell) : evaluate(asked));
  }

  globalThis.headwayFeel = { answer, evaluate, read };
})();
