// The functions over lists, groups of values, numbers and days. Plain script, after texts.js and moments.js.
"use strict";

(() => {
  const { comparing, contextOf, define, entryOf, invoke, kindOf, moments, numbers, placeIn, troubled, unlucky } =
    globalThis.headwayValues;
  const { compare, either, both, equal, identical, opposite } = comparing;

  // ---- lists ---------------------------------------------------------------------------------------------------

  /** sum(1, 2) is sum([1, 2]). Nothing among the values gives nothing; a wrong kind is a fault. */
  function overAll(name, kinds, run) {
    const taken = new Set(kinds);
    define(name, "...list", (values) => {
      const list = values.length === 1 && kindOf(values[0]) === "list" ? values[0] : values;
      const wrong = list.find((each) => kindOf(each) !== null && !taken.has(kindOf(each)));
      if (wrong !== undefined) return troubled(`${name} was given a value it cannot use`);
      return values.length === 0
        ? troubled(`it uses something Headway cannot work out: ${name} needs more in its brackets`)
        : run(list);
    });
  }

  const complete = (run) => (list) => (list.some((each) => kindOf(each) === null) ? null : run(list));
  const ifAny = (run, none = null) => complete((list) => (list.length ? run(list) : none));
  const ORDERED = ["number", "string", "date", "time", "date and time", "duration"];
  const NUMBERS = ["number"];

  /** The first of them all in an order. */
  function extreme(list, way) {
    let found = list[0];
    for (const each of list.slice(1)) {
      const order = compare(each, found);
      if (order === null) return null;
      if (order * way < 0) found = each;
    }
    return found;
  }

  function modes(list) {
    const sorted = list.toSorted(numbers.compare);
    const counted = [];
    for (const each of sorted) {
      if (counted.length && numbers.compare(counted.at(-1)[0], each) === 0) counted.at(-1)[1] += 1;
      else counted.push([each, 1]);
    }
    const most = Math.max(...counted.map(([, times]) => times));
    return counted.filter(([, times]) => times === most).map(([each]) => each);
  }

  overAll(
    "min",
    ORDERED,
    ifAny((list) => extreme(list, 1)),
  );
  overAll(
    "max",
    ORDERED,
    ifAny((list) => extreme(list, -1)),
  );
  overAll("sum", NUMBERS, ifAny(numbers.sum));
  overAll("mean", NUMBERS, ifAny(numbers.mean));
  overAll("median", NUMBERS, ifAny(numbers.median));
  overAll("mode", NUMBERS, ifAny(modes, []));
  overAll(
    "product",
    NUMBERS,
    ifAny((list) => list.reduce(numbers.multiply)),
  );
  overAll(
    "stddev",
    NUMBERS,
    complete((list) => (list.length < 2 ? null : numbers.deviation(list))),
  );
  overAll("all", ["boolean"], (list) => list.reduce(both, true));
  overAll("any", ["boolean"], (list) => list.reduce(either, false));

  const has = (list, value) => list.some((each) => equal(each, value));

  /** Each value once, where it stood first. */
  function distinct(list) {
    const seen = new Set(); // numbers and texts, which need no looking through
    const found = [];
    for (const each of list) {
      const isQuick = typeof each === "number" || typeof each === "string";
      if (isQuick ? seen.has(each) : has(found, each)) continue;
      if (isQuick) seen.add(each);
      found.push(each);
    }
    return found;
  }

  const inserted = (list, at, ...put) => [...list.slice(0, at), ...put, ...list.slice(at)];
  const without = (list, at) => [...list.slice(0, at), ...list.slice(at + 1)];
  const atPlace =
    (run) =>
    (list, place, ...more) => {
      const at = placeIn(list, place);
      return at === null ? null : run(list, at, ...more);
    };

  function sublist(list, at, length) {
    if (length === undefined) return list.slice(at);
    if (!numbers.isWhole(length) || numbers.compare(length, 1) < 0)
      return unlucky("it takes fewer than one value of a list");
    if (numbers.compare(length, list.length - at) > 0)
      return unlucky(`it takes ${numbers.text(length)} values where there are ${list.length - at}`);
    return list.slice(at, at + Number(length));
  }

  function yes(called, values, name) {
    const found = invoke(called, values, () => `the function of ${name}`);
    return found === null || typeof found === "boolean"
      ? found === true
      : troubled(`the function of ${name} gives no yes or no`);
  }

  const replaceMatching = (list, match, newItem) =>
    list.map((each) => (yes(match, [each, newItem], "list replace") ? newItem : each));

  const ofLists = (run) => (lists) => {
    if (lists.some((each) => kindOf(each) === null)) return null;
    return run(lists.flatMap((each) => (kindOf(each) === "list" ? each : [each])));
  };

  define("count", "list: list", (list) => list.length);
  define("list contains", "list: list, element", has);
  define("index of", "list: list, match", (list, match) =>
    list.flatMap((each, at) => (equal(each, match) ? [at + 1] : [])),
  );
  define(
    "list replace",
    "list: list, position: number, newItem",
    atPlace((list, at, put) => inserted(without(list, at), at, put)),
  );
  define("list replace", "list: list, match: function, newItem", replaceMatching);
  define("append", "list: list, ...items", (list, items) => [...list, ...items]);
  define(
    "concatenate",
    "...list",
    ofLists((list) => list),
  );
  define("union", "...list", ofLists(distinct));
  define("distinct values", "list: list", distinct);
  define("insert before", "list: list, position: number, newItem", atPlace(inserted));
  define("remove", "list: list, position: number", atPlace(without));
  define("reverse", "list: list", (list) => list.toReversed());
  define("flatten", "list: list", (list) => list.flat(Infinity));
  define("sublist", "list: list, start position: number, length: number?", atPlace(sublist));

  function sort(list, precedes) {
    const order = precedes
      ? (one, other) => (yes(precedes, [one, other], "sort") ? -1 : yes(precedes, [other, one], "sort") ? 1 : 0)
      : compare;
    return list.some((each) => !precedes && kindOf(each) === null) ? null : list.toSorted(order);
  }

  define("sort", "list: list, precedes: function?", sort);

  // ---- yes and no ----------------------------------------------------------------------------------------------

  define("not", "negand: boolean", opposite);
  define("is", "value1, value2", identical);

  // ---- numbers -------------------------------------------------------------------------------------------------

  const { ways } = numbers;
  const rounding =
    (way) =>
    (given, scale = 0) =>
      numbers.rounded(given, scale, way);
  define("decimal", "n: number, scale: number", rounding(ways.halfEven));
  define("floor", "n: number, scale: number?", rounding(ways.floor));
  define("ceiling", "n: number, scale: number?", rounding(ways.ceiling));
  define("round up", "n: number, scale: number", rounding(ways.up));
  define("round down", "n: number, scale: number", rounding(ways.down));
  define("round half up", "n: number, scale: number", rounding(ways.halfUp));
  define("round half down", "n: number, scale: number", rounding(ways.halfDown));
  define("abs", "n: number", numbers.abs);
  define("abs", "n: duration", moments.absolute);
  define("modulo", "dividend: number, divisor: number", numbers.modulo);
  define("sqrt", "number: number", numbers.root);
  define("log", "number: number", numbers.logarithm);
  define("exp", "number: number", numbers.exponential);
  const leaves = (rest) => (given) => numbers.compare(numbers.abs(numbers.modulo(given, 2)), rest) === 0;
  define("odd", "number: number", leaves(1));
  define("even", "number: number", leaves(0));

  // ---- days ----------------------------------------------------------------------------------------------------

  const DAY = "date|date and time";
  const ofText = (make) => (text) => (text === "" ? null : make(text));
  define("date", "from: string", ofText(moments.dateFrom));
  define("date", `from: ${DAY}`, moments.justDate);
  define("date", "year: number, month: number, day: number", moments.dateOf);
  define("time", "from: string", ofText(moments.timeFrom));
  define("time", "from: time", (given) => given);
  define("time", "from: date and time", moments.justTime);
  define("time", "from: date", moments.midnight);
  define("time", "hour: number, minute: number, second: number, offset: duration|nothing?", moments.timeOf);
  define("date and time", "from: string", ofText(moments.bothFrom));
  define("date and time", "from: date and time", (given) => given);
  define("date and time", `date: ${DAY}, time: time`, moments.together);
  define("duration", "from: string", ofText(moments.lengthFrom));
  define("duration", "from: duration", (given) => given);
  define("years and months duration", `from: ${DAY}, to: ${DAY}`, moments.monthsBetween);
  for (const [name, find] of Object.entries(moments.facts)) define(name, `date: ${DAY}`, find);

  // ---- groups of values ----------------------------------------------------------------------------------------

  const put = (context, key, value) => contextOf([...Object.entries(context), [key, value]]);

  function getAt(context, keys) {
    let found = context;
    for (const key of keys) {
      if (kindOf(key) !== "string") return troubled("get value was given a key that is not a text");
      found = kindOf(found) === "context" ? (entryOf(found, key) ?? null) : null;
    }
    return found;
  }

  function putAt(context, [key, ...rest], value) {
    if (kindOf(key) !== "string") return troubled("context put was given a key that is not a text");
    if (!rest.length) return put(context, key, value);
    const within = entryOf(context, key);
    if (kindOf(within) !== "context") return unlucky(`there is no group of values called “${key}” to put something in`);
    const changed = putAt(within, rest, value);
    return changed && put(context, key, changed);
  }

  function contextFrom(entries) {
    const pairs = [];
    for (const entry of entries) {
      const fits = kindOf(entry) === "context" && kindOf(entry.key) === "string" && Object.hasOwn(entry, "value");
      if (!fits) return troubled("context was given an entry without a key and a value");
      if (pairs.some(([key]) => key === entry.key)) return unlucky(`context was given “${entry.key}” twice`);
      pairs.push([entry.key, entry.value]);
    }
    return contextOf(pairs);
  }

  function merged(contexts) {
    if (contexts.some((each) => kindOf(each) !== "context"))
      return contexts.includes(null) ? null : troubled("context merge was given a value it cannot use");
    return contextOf(contexts.flatMap((each) => Object.entries(each)));
  }

  define("get value", "m: context, key: string", (context, key) => getAt(context, [key]));
  define("get value", "context: context, keys: list", getAt);
  define("get entries", "m: context", (context) => Object.entries(context).map(([key, value]) => ({ key, value })));
  define("context", "entries: list", contextFrom);
  define("context put", "context: context, key: string, value", put);
  define("context put", "context: context, keys: list, value", (context, keys, value) =>
    keys.length ? putAt(context, keys, value) : unlucky("context put was given no key"),
  );
  define("context merge", "contexts: list", merged);
})();
