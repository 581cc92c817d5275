// Arithmetic, conditions and tests of an expression, made ready to run.
//
// Nothing is guessed: kinds that do not go together and a condition that is neither yes nor no are faults. In a table's
// cell (`strict`) what is not answered equals nothing, and differs from nothing, unless the cell says `null` itself.
// Plain script, after tree.js; adds `prepareTest` and `yesOrNo` to headwayValues.
"use strict";

(() => {
  const H = globalThis.headwayValues;
  const { called, comparing, isMoment, kindOf, mishaps, moments, numbers, tree, troubled } = H;
  const { childrenOf, isNull, prepare, withoutBrackets, worded } = tree;

  // ---- arithmetic ----------------------------------------------------------------------------------------------

  const isInstant = (kind) => isMoment(kind) && kind !== "duration";

  function sum(one, other, kind, second) {
    if (kind === "string" && second === "string") return one + other;
    if (isInstant(kind) && second === "duration") return moments.moved(one, other, 1);
    if (kind === "duration" && isInstant(second)) return moments.moved(other, one, 1);
    return kind === "duration" && second === "duration" ? moments.total(one, other, 1) : undefined;
  }

  function difference(one, other, kind, second) {
    if (isInstant(kind) && second === "duration") return moments.moved(one, other, -1);
    if (kind === "duration" && second === "duration") return moments.total(one, other, -1);
    const apart = isInstant(kind) && isInstant(second) && (kind === "time") === (second === "time");
    return apart ? moments.between(one, other) : undefined;
  }

  function product(one, other, kind, second) {
    if (kind === "duration" && second === "number") return moments.times(one, other);
    return kind === "number" && second === "duration" ? moments.times(other, one) : undefined;
  }

  function quotient(one, other, kind, second) {
    if (kind === "duration" && second === "number") return moments.over(one, other);
    return kind === "duration" && second === "duration" ? moments.ratio(one, other) : undefined;
  }

  const OPERATIONS = {
    "+": [numbers.add, sum],
    "-": [numbers.subtract, difference],
    "*": [numbers.multiply, product],
    "/": [numbers.divide, quotient],
    "**": [numbers.power, () => undefined],
    "^": [numbers.power, () => undefined],
  };

  /** A list of one value is that value where a single one is wanted. */
  const single = (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value);

  function operated(sign, one, other) {
    const [ofNumbers, ofOthers] = OPERATIONS[sign];
    if (typeof one === "number" && typeof other === "number") return ofNumbers(one, other);
    const [kind, second] = [kindOf(one), kindOf(other)];
    if (kind === null || second === null) return null;
    if (kind === "number" && second === "number") return ofNumbers(one, other);
    const result = ofOthers(one, other, kind, second);
    if (result !== undefined) return result;
    return troubled(`${called(one)} and ${called(other)} do not go together at “${sign}”`);
  }

  function negative(value) {
    const kind = kindOf(value);
    if (kind === null) return null;
    if (kind === "number") return numbers.negate(value);
    return kind === "duration" ? moments.times(value, -1) : troubled(`there is no “-” of ${called(value)}`);
  }

  function prepareArithmetic(read, node) {
    const parts = childrenOf(node);
    if (parts.length === 2) {
      const value = prepare(read, parts[1]);
      return (scope) => negative(value(scope));
    }
    const [one, other, sign] = [prepare(read, parts[0]), prepare(read, parts[2]), worded(read.text, parts[1])];
    return (scope) => operated(sign, single(one(scope)), single(other(scope)));
  }

  // ---- conditions ----------------------------------------------------------------------------------------------

  function yesOrNo(value) {
    const kind = kindOf(value);
    if (kind === null) return null;
    return kind === "boolean" ? value : troubled(`a condition in it is ${called(value)}, not yes or no`);
  }

  /** `and` decides at false and `or` at true; what went wrong with the other side's values then does not matter. */
  function prepareLogic(read, node, decides, joined) {
    const parts = childrenOf(node);
    const [one, other] = [prepare(read, parts[0]), prepare(read, parts[2])];
    return (scope) => {
      const mark = mishaps.mark();
      const first = yesOrNo(one(scope));
      const second = yesOrNo(other(scope));
      if (first === decides || second === decides) mishaps.forgetSince(mark);
      return joined(first, second);
    };
  }

  function prepareIf(read, node) {
    const [, condition, , then, , otherwise] = childrenOf(node).map((part) => prepare(read, part));
    return (scope) => {
      const holds = yesOrNo(condition(scope));
      if (holds === null && read.strict) return null;
      return holds ? then(scope) : otherwise(scope);
    };
  }

  /** Nothing equals nothing only where the rule says `null`: two questions left empty do not agree. */
  function equalsOf(read, first, second) {
    const saysNull = isNull(first) || isNull(second);
    return (one, other) => {
      const lacking = (kindOf(one) === null) + (kindOf(other) === null);
      return !saysNull && lacking > (read.strict ? 0 : 1) ? null : comparing.same(one, other);
    };
  }

  function prepareComparison(read, node) {
    const parts = childrenOf(node);
    const sign = worded(read.text, parts[1]);
    if (sign === "in") return prepareIn(read, parts);
    const [one, other] = [prepare(read, parts[0]), prepare(read, parts[2])];
    if (sign === "between") {
      const high = prepare(read, parts[4]);
      return (scope) => comparing.betweenThem(one(scope), other(scope), high(scope));
    }
    if (sign !== "=" && sign !== "!=") return (scope) => comparing.ordered(one(scope), sign, other(scope));
    const equals = equalsOf(read, parts[0], parts[2]);
    if (sign === "=") return (scope) => equals(one(scope), other(scope));
    return (scope) => comparing.opposite(equals(one(scope), other(scope)));
  }

  // ---- tests: what stands after `in`, and in a table's cell --------------------------------------------------------

  function prepareIn(read, parts) {
    const value = prepare(read, parts[0]);
    const listed = parts.find((part) => part.name === "PositiveUnaryTests");
    const tests = (listed ? childrenOf(listed) : parts.slice(2)).map((part) => prepareTest(read, part.firstChild));
    return (scope) => {
      const given = value(scope);
      return tests.map((test) => test(scope, given)).reduce(comparing.either, false);
    };
  }

  /** A function from the names and a value to whether the value passes. */
  function prepareTest(read, node) {
    const bare = withoutBrackets(node);
    if (bare.name === "null") return (_, value) => kindOf(value) === null;
    const parts = bare.name === "SimplePositiveUnaryTest" ? childrenOf(bare) : [];
    if (parts.length === 2) return prepareSignTest(read, parts);
    const test = prepare(read, bare);
    return (scope, value) => comparing.isIn(value, test(scope));
  }

  /** `< 5` and its like. */
  function prepareSignTest(read, [signNode, boundNode]) {
    const [sign, bound] = [worded(read.text, signNode), prepare(read, boundNode)];
    if (sign !== "=" && sign !== "!=") return (scope, value) => comparing.ordered(value, sign, bound(scope));
    const saysNull = isNull(boundNode);
    return (scope, value) => {
      const other = bound(scope);
      const equal =
        !saysNull && (kindOf(value) === null || kindOf(other) === null) ? null : comparing.same(value, other);
      return sign === "=" ? equal : comparing.opposite(equal);
    };
  }

  function prepareRange(read, node) {
    const parts = childrenOf(node);
    if (parts.length === 2) {
      const [sign, bound] = [worded(read.text, parts[0]), prepare(read, parts[1])];
      if (sign === "=" || sign === "!=") return () => troubled("it has a test where a value is wanted");
      return (scope) => comparing.open(sign, bound(scope));
    }
    const [first, start, , end, last] = childrenOf(parts[0]);
    const [isFrom, isTo] = [worded(read.text, first) === "[", worded(read.text, last) === "]"];
    const [low, high] = [prepare(read, start), prepare(read, end)];
    return (scope) => comparing.bounded(low(scope), high(scope), isFrom, isTo);
  }

  tree.parts({
    ArithmeticExpression: prepareArithmetic,
    Conjunction: (read, node) => prepareLogic(read, node, false, comparing.both),
    Disjunction: (read, node) => prepareLogic(read, node, true, comparing.either),
    Comparison: prepareComparison,
    IfExpression: prepareIf,
    SimplePositiveUnaryTest: prepareRange,
  });
  Object.assign(H, { prepareTest, yesOrNo });
})();
