// Lists, groups of values, filters, `for`, `some` and `every`, made ready to run. Plain script, after conditions.js.
"use strict";

(() => {
  const H = globalThis.headwayValues;
  const { called, comparing, contextOf, entryOf, isMoment, kindOf, moments, numbers, prepareTest, quietly, tree } = H;
  const { troubled, unlucky, yesOrNo } = H;
  const { childrenOf, keyOf, prepare, scopeOf, scopeWith, withoutBrackets, worded } = tree;

  // ---- lists and groups of values ------------------------------------------------------------------------------

  function prepareList(read, node) {
    const parts = childrenOf(node)
      .slice(1, -1)
      .map((part) => prepare(read, part));
    return (scope) => parts.map((part) => part(scope));
  }

  /** Each entry sees those before it. */
  function prepareContext(read, node) {
    const entries = childrenOf(node)
      .slice(1, -1)
      .map((entry) => [keyOf(read, entry), prepare(read, childrenOf(entry)[1])]);
    const isTwice = new Set(entries.map(([key]) => key)).size < entries.length;
    if (isTwice) return () => troubled("it has a group of values with one name twice");
    return (scope) => {
      let inside = scope;
      const values = [];
      for (const [key, entry] of entries) {
        const value = entry(inside);
        inside = scopeWith(inside, key, value);
        values.push([key, value]);
      }
      return contextOf(values);
    };
  }

  function entryNamed(value, name) {
    const kind = kindOf(value);
    if (kind === null) return null;
    if (kind === "list") return value.map((each) => entryNamed(each, name));
    if (kind === "context") return entryOf(value, name) ?? null;
    const part = kind === "range" ? rangePart(value, name) : isMoment(kind) ? moments.part(value, name) : undefined;
    return part === undefined ? troubled(`${called(value)} has no “${name}”`) : part;
  }

  const rangePart = (range, name) =>
    ["start", "end", "start included", "end included"].includes(name) ? range[name] : undefined;

  function preparePath(read, node) {
    const [from, , name] = childrenOf(node);
    const [value, key] = [prepare(read, from), worded(read.text, name)];
    return (scope) => entryNamed(value(scope), key);
  }

  // ---- filters -------------------------------------------------------------------------------------------------

  const PLACES = new Set(["NumericLiteral", "ArithmeticExpression"]); // surely no conditions
  const CONDITIONS = new Set(["Comparison", "Conjunction", "Disjunction", "QuantifiedExpression", "BooleanLiteral"]);
  CONDITIONS.add("InstanceOfExpression");

  function placed(list, place) {
    if (kindOf(place) !== "number")
      return place === null ? null : troubled(`a place in a list is ${called(place)}, not a number`);
    if (!numbers.isWhole(place)) return unlucky("it counts places with a number that is not whole");
    const at = Number(place);
    return (at === 0 ? null : list.at(at < 0 ? at : at - 1)) ?? null;
  }

  /** A scope in which names are first those of the item. One that other items have, it has too: as nothing. */
  function itemScope(scope, names, item) {
    const isContext = kindOf(item) === "context";
    return scopeOf(scope, (name) => {
      const own = isContext ? entryOf(item, name) : undefined;
      if (own !== undefined) return own;
      if (name === "item") return item;
      return names.has(name) ? null : undefined;
    });
  }

  function filtered(list, scope, test) {
    const names = new Set(list.flatMap((item) => (kindOf(item) === "context" ? Object.keys(item) : [])));
    return list.filter((item) => yesOrNo(test(itemScope(scope, names, item), item)) === true);
  }

  /** A name or a function may give a place or a condition: what it gives for the first item tells. */
  function isPlace(list, scope, test) {
    const seen = list.length ? itemScope(scope, new Set(Object.keys(Object(list[0]))), list[0]) : scope;
    return quietly(() => kindOf(test(seen)) === "number") === true;
  }

  function prepareFilter(read, node) {
    const parts = childrenOf(node);
    const inside = withoutBrackets(parts[2]);
    const value = prepare(read, parts[0]);
    const isTest = parts[2].name === "SimplePositiveUnaryTest"; // `[> 5]`
    const test = isTest ? prepareTest(read, inside) : prepare(read, inside);
    const surelyPlace = PLACES.has(inside.name);
    const surelyTest = isTest || CONDITIONS.has(inside.name);
    return (scope) => {
      const given = value(scope);
      if (kindOf(given) === null) return null;
      const list = kindOf(given) === "list" ? given : [given];
      if (surelyPlace || (!surelyTest && isPlace(list, scope, test))) return placed(list, test(scope));
      return filtered(list, scope, test);
    };
  }

  // ---- going through lists -------------------------------------------------------------------------------------

  function* numbersOf(start, end) {
    const step = numbers.compare(start, end) > 0 ? -1 : 1;
    for (let each = start; numbers.compare(each, end) * step <= 0; each = numbers.add(each, step)) yield each;
  }

  function* daysOf(start, end) {
    if (moments.compare(start, end) > 0) return;
    for (let each = start; moments.compare(each, end) <= 0; each = moments.nextDay(each)) yield each;
  }

  /** What `for` goes through: a list, or all whole numbers or days of a range; null for nothing. */
  function through(given) {
    const kind = kindOf(given);
    if (kind === null || kind === "list") return given ?? null;
    if (kind !== "range") return troubled(`it goes through ${called(given)}, which is not a list`);
    const { start, end, "start included": isFrom, "end included": isTo } = given;
    const all = steps(start, end);
    if (isFrom && isTo) return all;
    return all && without(all, isFrom ? undefined : start, isTo ? undefined : end);
  }

  function steps(start, end) {
    if (start === null || end === null) return unlucky("it goes through a range without end");
    if (kindOf(start) === "date" && kindOf(end) === "date") return daysOf(start, end);
    const fits = [start, end].every((each) => kindOf(each) === "number");
    if (!fits) return troubled("it goes through a range that is not of numbers or dates");
    return [start, end].every(numbers.isWhole)
      ? numbersOf(start, end)
      : unlucky("it goes through a range of numbers that are not whole");
  }

  function* without(all, first, last) {
    const isOut = (each, bound) => bound !== undefined && comparing.equal(each, bound);
    for (const each of all) if (!isOut(each, first) && !isOut(each, last)) yield each;
  }

  function prepareThrough(read, node) {
    const [nameNode, , source] = childrenOf(node);
    const parts = childrenOf(source);
    const name = worded(read.text, nameNode);
    const values = parts.map((part) => (part.name === ".." ? null : prepare(read, part)));
    if (values.length === 1) return { name, source: (scope) => through(values[0](scope)) };
    return { name, source: (scope) => stepsBetween(values[0](scope), values[2](scope)) };
  }

  const stepsBetween = (start, end) => (kindOf(start) === null || kindOf(end) === null ? null : steps(start, end));

  /** Visit every combination, until `visit` gives false; false when one of the lists is nothing. */
  function visitAll(sources, scope, visit, at = 0) {
    if (at === sources.length) return visit(scope);
    const values = sources[at].source(scope);
    if (values === null) return null;
    for (const value of values) {
      const went = visitAll(sources, scopeWith(scope, sources[at].name, value ?? null), visit, at + 1);
      if (went !== true) return went;
    }
    return true;
  }

  const sourcesOf = (read, node) => childrenOf(node).map((each) => prepareThrough(read, each));

  function prepareFor(read, node) {
    const parts = childrenOf(node);
    const [sources, body] = [sourcesOf(read, parts[1]), prepare(read, parts.at(-1))];
    return (scope) => {
      const results = [];
      const went = visitAll(sources, scopeWith(scope, "partial", results), (inside) => {
        results.push(body(inside));
        return true;
      });
      return went === null ? null : results;
    };
  }

  /** `some` is true as soon as one is, `every` false as soon as one is not; what is not answered decides nothing. */
  function prepareQuantified(read, node) {
    const parts = childrenOf(node);
    const decides = parts[0].name === "some";
    const [sources, condition] = [sourcesOf(read, parts[1]), prepare(read, parts.at(-1))];
    return (scope) => {
      let result = !decides;
      const went = visitAll(sources, scope, (inside) => {
        const found = yesOrNo(condition(inside));
        if (found === decides) result = decides;
        else if (found === null) result = null;
        return found !== decides;
      });
      return went === null ? null : result;
    };
  }

  tree.parts({
    List: prepareList,
    Context: prepareContext,
    PathExpression: preparePath,
    FilterExpression: prepareFilter,
    ForExpression: prepareFor,
    QuantifiedExpression: prepareQuantified,
  });
})();
