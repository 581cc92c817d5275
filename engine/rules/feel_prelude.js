// FEEL as Headway speaks it, around feelin: the same script on the server and in the browser.
//
// Many expressions a call, each read once and kept; no clock; and a fault wherever feelin would guess, so that no
// condition takes a branch it was not told to take. Plain script, after feelin and feel_values.js.
// Gives globalThis.headwayFeel = { evaluate, read, answer }.
"use strict";

(() => {
  const feel = globalThis.feel;
  const { begin, called, functions, isNothing, kindOf, plain, received, same, takes, trouble, troubled } =
    globalThis.headwayValues;
  const MOST_KEPT = 200_000; // letters of the expressions kept as read; each letter costs about 150 bytes
  const EACH_KEPT = 20; // letters an expression counts for beside its own
  const LONGEST = 4_000; // letters of an expression
  const DEEPEST = 100; // brackets in brackets
  const OURS = "headway_"; // begins the names an expression is rewritten with
  const YES_NO = `${OURS}yes_or_no`; // a function, put around the conditions inside an expression
  const SAME = `${OURS}same`; // a function, in place of "=" and "!="
  const INPUT = `${OURS}input`; // what a table's cell is tested on, where FEEL says "?"
  const NEEDED = new Set(["today", "now"]); // names that stand in for feelin's functions, which read the clock

  class Unreadable extends Error {}

  // ---- reading an expression -----------------------------------------------------------------------------------

  function yesOrNo(value) {
    const kind = kindOf(value);
    return kind === null || kind === "boolean" ? value : troubled(`a condition in it is ${called(value)}, not yes or no`);
  }

  // All that feelin knows while it reads. The names of a call come in as parameters.
  const known = { ...functions, [YES_NO]: takes(["condition"], yesOrNo), [SAME]: takes(["one", "other"], same) };

  const childrenOf = (node) => {
    const found = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (!child.type.isSkipped) found.push(child); // a remark
    }
    return found;
  };
  const worded = (text, node) => text.slice(node.from, node.to).replace(/\s+/g, " ");

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
    const tree = (unary ? feel.parseUnaryTests : feel.parseExpression)(text, known);
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

  /**
   * What makes the text strict, as [at, up to, put]: conditions held to be yes or no, equality of like with like,
   * `today()` as the name `today`, and "?" as a name.
   */
  function editsOf(text, top) {
    const edits = [];
    const wrap = (first, last, before, after, inside) => {
      edits.push([last.to, last.to, after]); // at one place, what closes the inner comes first
      inside();
      edits.push([first.from, first.from, before]); // and what opens the outer
    };
    const visit = (node) => {
      const parts = childrenOf(node);
      const inner = () => parts.forEach(visit);
      const condition = { IfExpression: parts[1], QuantifiedExpression: parts.at(-1) }[node.name];
      const equals = node.name === "Comparison" ? { "=": true, "!=": false }[worded(text, parts[1])] : undefined;
      if (node.name === "?") edits.push([node.from, node.to, INPUT]);
      if (node.name === "FunctionInvocation" && NEEDED.has(worded(text, parts[0])) && !parts[2]?.firstChild) {
        edits.push([parts[0].to, node.to, ""]);
      }
      if (condition) return wrap(condition, condition, `${YES_NO}(`, ")", inner);
      if (equals === undefined) return inner();
      edits.push([parts[1].from, parts[1].to, ","]);
      return wrap(parts[0], parts[2], `${SAME}(`, `) = ${equals}`, inner);
    };
    visit(top);
    return edits.sort((a, b) => b[0] - a[0] || b[1] - a[1]); // from the end, so that places stay right
  }

  const edited = (text, edits) =>
    edits.reduce((result, [at, upTo, put]) => result.slice(0, at) + put + result.slice(upTo), text);

  /** Where something in the edited text stood in the original. */
  function origin(place, edits) {
    let shift = 0; // of the edited text against the original
    for (const [at, upTo, put] of edits.toReversed()) {
      if (place < at + shift + put.length) return Math.min(place - shift, at);
      shift += put.length - (upTo - at);
    }
    return place - shift;
  }

  /** feelin has no expression read once and run often, but a function is just that. */
  function runnable(text, inCell = false) {
    const top = parsed(text, false);
    const { names, filtered } = readsOf(text, top, inCell);
    const parameters = [...new Set([INPUT, ...names, ...filtered])];
    const edits = editsOf(text, top);
    const head = `function(${parameters.join(", ")}) `;
    const { value, warnings } = feel.evaluate(head + edited(text, edits), known);
    const needs = [...NEEDED].filter((name) => parameters.includes(name));
    const original = ({ from, to }) => text.slice(origin(from - head.length, edits), origin(to - head.length, edits));
    return { run: value.fn, parameters, needs, warnings, original };
  }

  /** The tests of a table's cell, each an expression of its own. */
  function cell(text) {
    const first = parsed(text, true).firstChild;
    if (first.name === "Wildcard") return { always: true };
    const negated = first.name === "not";
    const tests = childrenOf(negated ? first.nextSibling.nextSibling : first).map((node) => {
      const test = text.slice(node.from, node.to);
      const { name } = node.firstChild;
      if (name === "SimplePositiveUnaryTest") return { how: "in", ...runnable(`? in (${test})`, true) };
      return { how: name === "BooleanLiteral" ? "is" : "value", ...runnable(test, true) };
    });
    return { tests, negated };
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

  function valueOf(expression, names, on) {
    const missing = expression.needs.find((name) => isNothing(names(name)));
    if (missing) return troubled(`${missing} is not known here`);
    expression.warnings.length = 0;
    const result = expression.run(on, ...expression.parameters.slice(1).map(names));
    const warned = mistake(expression);
    return warned ? troubled(warned) : result;
  }

  function passes(test, names, on) {
    const result = valueOf(test, names, on);
    if (test.how === "in") return result === true;
    if (test.how === "is") return result === on;
    if (typeof result === "boolean") return result;
    if (Array.isArray(result)) return result.some((item) => same(item, on) === true);
    if (kindOf(result) === "range") return result.includes(on) === true;
    return same(result, on) === true;
  }

  function worked(expression, names, on) {
    if (expression.fault) return troubled(expression.fault);
    if (expression.always) return true;
    if (expression.tests) return expression.tests.some((test) => passes(test, names, on)) !== expression.negated;
    return valueOf(expression, names, on);
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
    if (error.message.startsWith("unsupported range")) return "it compares values that have no order";
    return "it uses something Headway cannot work out";
  }

  /** The first of feelin's warnings that is a mistake, as a sentence. What comes of an unanswered question is none. */
  function mistake({ warnings, original }) {
    for (const { type, details, position } of warnings) {
      const whole = original(position).replace(/\s+/g, " ").trim();
      const text = whole.length > 60 ? `${whole.slice(0, 60)}...` : whole;
      if (type === "NO_VARIABLE_FOUND") return `${text} is not a name this procedure knows`;
      if (type === "NO_FUNCTION_FOUND") return `${text.split("(")[0] || text} is not a function Headway knows`;
      if (type === "FUNCTION_INVOCATION_FAILURE") return `${text} has a value too many or a wrong name in its brackets`;
      if (type === "UNSUPPORTED") return "it uses a function from outside, which Headway does not run";
      if (Object.values(details.values).some(isNothing)) continue;
      if (type === "INVALID_ARGUMENTS") return `${text} was given a value it cannot use`;
      if (type === "INVALID_TYPE") {
        return `${called(details.values.left)} and ${called(details.values.right)} do not go together at “${text}”`;
      }
    }
    return null;
  }

  /**
   * Many expressions at once. `asks`: [{text, scope, cell, on, of}]: scope adds names for one of them; cell: the text
   * is a table's cell, tested on `on` or on what an earlier ask, number `of`, gave. Dates among the names are texts
   * that begin with `mark` and a letter: d(ate), t(ime), m(oment), p(eriod). Returns [{value, fault}]; null when
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
      const names = (name) => (Object.hasOwn(own, name) ? own : Object.hasOwn(shared, name) ? shared : {})[name];
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
        return refuseUnless(TYPES.has(worded(text, node)), `${worded(text, node)} is not a kind of value Headway knows`);
      case "NumericLiteral": // feelin takes 1e5 for 1
        return refuseUnless(!/e/i.test(worded(text, node)), `${worded(text, node)} must be written out in figures`);
      case "FilterExpression":
        visit(parts[0]);
        return parts.slice(1).forEach((part) => visit(part, ["item"], filtered));
      case "ForExpression":
      case "QuantifiedExpression":
        return visit(parts.at(-1), inOrder(childrenOf(parts[1]), ["partial"], (part) => worded(text, part.firstChild)));
      case "FunctionDefinition":
        return visit(parts.at(-1), parametersOf(text, parts));
      case "Context":
        return void inOrder(parts, [], (part) => keyOf(text, part));
      default:
        return parts.forEach((part) => visit(part));
    }
  }

  function parametersOf(text, parts) {
    const lists = parts.filter((part) => part.name === "FormalParameters");
    return lists.flatMap(childrenOf).map((part) => worded(text, part.firstChild));
  }

  const keyOf = (text, entry) => (entry.firstChild ? worded(text, entry.firstChild).replace(/^"|"$/g, "") : "");

  function refuseUnless(fine, sentence) {
    if (!fine) throw new Unreadable(sentence);
  }

  function gatherName(name, bound, into) {
    if (bound.has(name)) return;
    refuseUnless(!name.startsWith(OURS), `${name} is a name Headway keeps for itself`);
    if (name in functions) into.add("calendar");
    else if (NEEDED.has(name) || !isBuiltin(name)) into.add(name);
  }

  const builtins = new Map(); // name -> whether feelin has a function of that name

  function isBuiltin(name) {
    if (!builtins.has(name)) {
      if (builtins.size > 1_000) builtins.clear();
      builtins.set(name, /^[a-z ]+$/.test(name) && feel.evaluate(name, {}).warnings.length === 0);
    }
    return builtins.get(name);
  }

  // ---- the door ------------------------------------------------------------------------------------------------

  /** JSON in, JSON out. */
  function answer(json) {
    const asked = JSON.parse(json);
    return JSON.stringify(asked.read ? read(asked.read.text, asked.read.cell) : evaluate(asked));
  }

  globalThis.headwayFeel = { answer, evaluate, read };
})();
