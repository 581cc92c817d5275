// Equal, in order, in a range: what can be compared with what, and what comes of it when something is not answered.
//
// Every answer here is true, false or null, and null is what comes of nothing. Values that cannot be compared are a
// mistake. Plain script, after moments.js; adds `comparing` to globalThis.headwayValues.
"use strict";

(() => {
  const { feel } = globalThis;
  const H = globalThis.headwayValues;
  const { isMoment, kindOf, moments, numbers, troubled, unlike, unlucky } = H;
  const NO_ORDER = "it compares values that have no order";

  const both = (one, other) =>
    one === false || other === false ? false : one === null || other === null ? null : true;
  const either = (one, other) =>
    one === true || other === true ? true : one === null || other === null ? null : false;
  const opposite = (one) => (one === null ? null : !one);

  /** By their letters' numbers, as DMN has it: JavaScript alone would put some beyond the first 65,536 too early. */
  function compareTexts(one, other) {
    if (one === other) return 0;
    const [letters, others] = [one[Symbol.iterator](), other[Symbol.iterator]()];
    for (;;) {
      const [first, second] = [letters.next().value, others.next().value];
      if (first !== second || first === undefined)
        return (first?.codePointAt(0) ?? -1) < (second?.codePointAt(0) ?? -1) ? -1 : 1;
    }
  }

  /** -1, 0 or 1; null, with its reason told, for what cannot be put in order, and for nothing. */
  function compare(one, other) {
    const [kind, second] = [kindOf(one), kindOf(other)];
    if (kind === null || second === null) return null;
    if (kind !== second) return unlike(kind, second);
    if (kind === "number") return numbers.compare(one, other);
    if (kind === "string") return compareTexts(one, other);
    if (!isMoment(kind)) return troubled(NO_ORDER);
    return moments.comparable(one, other) ? moments.compare(one, other) : null;
  }

  const ORDERS = {
    "<": (order) => order < 0,
    "<=": (order) => order <= 0,
    ">": (order) => order > 0,
    ">=": (order) => order >= 0,
  };

  function ordered(one, sign, other) {
    const order = compare(one, other);
    return order === null ? null : ORDERS[sign](order);
  }

  // ---- equal ---------------------------------------------------------------------------------------------------

  const EQUALS = {
    number: (one, other) => numbers.compare(one, other) === 0,
    list: (one, other) => one.length === other.length && one.every((each, at) => equal(each, other[at])),
    context: (one, other) => {
      const keys = Object.keys(one);
      const fits = (key) => Object.hasOwn(other, key) && equal(one[key], other[key]);
      return keys.length === Object.keys(other).length && keys.every(fits);
    },
    range: (one, other) =>
      ["start", "end", "start included", "end included"].every((part) => equal(one[part], other[part])),
    duration: (one, other) => moments.isMonths(one) === moments.isMonths(other) && moments.compare(one, other) === 0,
  };
  const equalMoments = (one, other) => moments.zoned(one) === moments.zoned(other) && moments.compare(one, other) === 0;

  /** Whether two values are the same. Values of different kinds are not, and nothing is the same as nothing. */
  function equal(one, other) {
    const kind = kindOf(one);
    if (kind !== kindOf(other)) return false;
    if (kind === null) return true;
    if (Object.hasOwn(EQUALS, kind)) return EQUALS[kind](one, other);
    return isMoment(kind) ? equalMoments(one, other) : one === other;
  }

  /** As equal(), but values that cannot be compared are a mistake: FEEL's null, as good as no, would hide it. */
  function same(one, other) {
    const [kind, second] = [kindOf(one), kindOf(other)];
    if (kind !== null && second !== null) {
      if (kind !== second) return unlike(kind, second);
      if (isMoment(kind) && !moments.comparable(one, other)) return null;
    }
    return equal(one, other);
  }

  /** Strictly the same: of one kind and, for moments, in one zone. */
  function identical(one, other) {
    const zones = [one, other].map((each) =>
      isMoment(kindOf(each)) ? String(each.zone ?? "").replace(/^\+00:00$/, "UTC") : "",
    );
    return equal(one, other) && zones[0] === zones[1];
  }

  // ---- ranges --------------------------------------------------------------------------------------------------

  function range(start, end, isFrom, isTo) {
    return new feel.FeelRange({ start, end, "start included": isFrom, "end included": isTo });
  }

  /** A range between two bounds. One that is not answered makes it nothing: it is no bound, and not the lack of one. */
  function bounded(start, end, isFrom, isTo) {
    const order = compare(start, end);
    return order === null ? null : range(start, end, isFrom, isTo);
  }

  const OPEN = {
    "<": (bound) => range(null, bound, false, false),
    "<=": (bound) => range(null, bound, false, true),
    ">": (bound) => range(bound, null, false, false),
    ">=": (bound) => range(bound, null, true, false),
  };

  /** The range of what is `sign` than a bound. */
  function open(sign, bound) {
    if (kindOf(bound) === null) return null;
    return compare(bound, bound) === null ? null : OPEN[sign](bound);
  }

  const isBackward = ({ start, end }) => start !== null && end !== null && compare(start, end) > 0;

  function within(value, given) {
    if (isBackward(given)) return unlucky("it has a range that ends before it begins");
    const { start, end } = given;
    const after = start === null ? true : ordered(value, given["start included"] ? ">=" : ">", start);
    const before = end === null ? true : ordered(value, given["end included"] ? "<=" : "<", end);
    return both(after, before);
  }

  const betweenThem = (value, low, high) => both(ordered(value, ">=", low), ordered(value, "<=", high));

  /** Whether a value is in what stands after `in`: a range, a list, or the value itself. */
  function isIn(value, given) {
    const kind = kindOf(given);
    if (kind === null || kindOf(value) === null) return null;
    if (kind === "range") return kindOf(value) === "range" ? equal(value, given) : within(value, given);
    if (kind !== "list") return same(given, value);
    if (kindOf(value) === "list" && !given.some((each) => kindOf(each) === "list")) return equal(given, value);
    return isAmong(value, given);
  }

  /** Values of several kinds may stand in one list, but one of a kind that none of them has is a mistake. */
  function isAmong(value, list) {
    const comparable = (each) => [kindOf(value), "range"].includes(kindOf(each));
    const strange = list.find((each) => kindOf(each) !== null);
    if (strange !== undefined && !list.some(comparable)) return same(strange, value);
    const passes = (each) => (kindOf(each) === "range" ? within(value, each) : same(each, value));
    return list.filter(comparable).map(passes).reduce(either, false);
  }

  H.comparing = {
    betweenThem,
    both,
    bounded,
    compare,
    either,
    equal,
    identical,
    isIn,
    open,
    opposite,
    ordered,
    same,
    within,
  };
})();
