// Decimal arithmetic: what a rule reckons is what one would reckon on paper, to 34 figures, as DMN says.
//
// A number is JavaScript's own as long as its shortest text is exactly the number; anything else is a Decimal. So 0.1
// stays 0.1, whole numbers are as fast as ever, and 0.1 + 0.2 is worked out in decimals and is the number 0.3 again.
// Plain script, after values.js; adds `numbers` to globalThis.headwayValues.
"use strict";

(() => {
  const { Decimal } = globalThis.feel;
  const H = globalThis.headwayValues;
  const { troubled, unlucky } = H;
  const FIGURES = 34; // of a result, as DMN has it
  const SURE = 15; // figures that JavaScript's numbers always keep
  const LARGEST = 6_144; // exponent
  const FINEST = 6_111; // places a number can be rounded to
  const PENNIES_END = 1e12; // from here on, 15 figures do not reach beyond the penny
  const ENDLESS = "it gives a number without end";
  const WRITTEN = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;
  const { ROUND_UP, ROUND_DOWN, ROUND_CEIL, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN } = Decimal;

  Decimal.set({
    precision: FIGURES,
    rounding: ROUND_HALF_EVEN,
    toExpNeg: -20,
    toExpPos: 40,
    maxE: 9_000,
    minE: -9_000,
  });

  const exact = (number) => new Decimal(number);
  const bothWhole = (one, other) => Number.isSafeInteger(one) && Number.isSafeInteger(other);

  /** The number that a Decimal is. */
  function number(found) {
    if (found.isNaN()) return unlucky("it gives no real number");
    const size = found.isFinite() ? found.e : LARGEST + 1;
    if (Math.abs(size) > LARGEST && !found.isZero()) return size > 0 ? unlucky(ENDLESS) : 0;
    const plain = Number(found.toString());
    const isSure = found.precision() <= SURE && Math.abs(size) < 300;
    return isSure || (Number.isFinite(plain) && exact(plain).eq(found)) ? plain + 0 : found;
  }

  function add(one, other) {
    const quick = one + other;
    if (bothWhole(one, other) && Number.isSafeInteger(quick)) return quick;
    return number(exact(one).plus(other));
  }

  function subtract(one, other) {
    const quick = one - other;
    if (bothWhole(one, other) && Number.isSafeInteger(quick)) return quick;
    return number(exact(one).minus(other));
  }

  function multiply(one, other) {
    const quick = one * other;
    if (bothWhole(one, other) && Number.isSafeInteger(quick)) return quick + 0;
    return number(exact(one).times(other));
  }

  function divide(one, other) {
    if (isZero(other)) return unlucky("it divides by zero");
    if (bothWhole(one, other) && one % other === 0) return one / other + 0;
    return number(exact(one).div(other));
  }

  function power(base, exponent) {
    if (isZero(base) && sign(exponent) < 0) return unlucky("it divides by zero");
    if (sign(base) < 0 && !isWhole(exponent)) return unlucky("it gives no real number");
    if (isZero(exponent)) return 1;
    if (isZero(base)) return 0;
    const size = Math.abs(Number(exact(exponent).times(Math.log10(Math.abs(Number(exact(base).toString())) || 1))));
    if (size > LARGEST + 10) return growing(base, exponent) ? unlucky(ENDLESS) : 0;
    return number(exact(base).pow(exponent));
  }

  const growing = (base, exponent) => compare(abs(base), 1) > 0 === sign(exponent) > 0;

  function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one < other ? -1 : one > other ? 1 : 0;
    return exact(one).cmp(other);
  }

  const isZero = (given) => compare(given, 0) === 0;
  const sign = (given) => compare(given, 0);
  const isWhole = (given) => (typeof given === "number" ? Number.isInteger(given) : given.isInteger());
  const negate = (given) => subtract(0, given);
  const abs = (given) => (sign(given) < 0 ? negate(given) : given);

  /** Rounded to `scale` places after the point, or before it when negative. */
  function rounded(given, scale, how) {
    if (!isWhole(scale) || compare(abs(scale), FINEST) > 0) {
      return unlucky("it rounds to a number of places that is no whole number");
    }
    if (typeof given === "number" && Number.isInteger(given) && scale >= 0) return given;
    const up = exact(`1e${scale}`);
    const down = exact(`1e${-scale}`);
    return number(exact(given).times(up).toDecimalPlaces(0, how).times(down));
  }

  function modulo(one, other) {
    if (isZero(other)) return unlucky("it divides by zero");
    const rest = exact(one).mod(other);
    const crosses = !rest.isZero() && rest.isNegative() !== sign(other) < 0;
    return number(crosses ? rest.plus(other) : rest);
  }

  function root(given) {
    return sign(given) < 0 ? unlucky("it takes the square root of a number below zero") : number(exact(given).sqrt());
  }

  function logarithm(given) {
    return sign(given) <= 0 ? unlucky("it takes the logarithm of a number not above zero") : number(exact(given).ln());
  }

  function exponential(given) {
    if (compare(abs(given), 14_150) > 0) return sign(given) > 0 ? unlucky(ENDLESS) : 0;
    return number(exact(given).exp());
  }

  const sum = (list) => list.reduce(add, 0);
  const mean = (list) => divide(sum(list), list.length);

  /** Of a sample, as DMN has it. */
  function deviation(list) {
    const middle = mean(list);
    const squares = list.map((each) => subtract(each, middle)).map((each) => multiply(each, each));
    return root(divide(sum(squares), list.length - 1));
  }

  function median(list) {
    const sorted = list.toSorted(compare);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : divide(add(sorted[half - 1], sorted[half]), 2);
  }

  // ---- as text, and out ----------------------------------------------------------------------------------------

  /** In figures, never with an exponent. */
  function text(given) {
    const plain = String(given);
    return plain.includes("e") ? exact(given).toFixed() : plain;
  }

  /** The number a text says; undefined when it is not written as one. */
  function read(written) {
    if (!WRITTEN.test(written)) return undefined;
    const plain = Number(written);
    if (Number.isSafeInteger(plain) && !written.includes(".")) return plain + 0;
    const found = exact(written);
    return found.precision() > FIGURES ? unlucky(`it has a number of more than ${FIGURES} figures`) : number(found);
  }

  /** A number as JSON keeps it. A fraction may lose what stands after its 15th figure, never part of a penny. */
  function kept(given) {
    const plain = Number(given.toString());
    if (!Number.isFinite(plain)) return troubled(ENDLESS);
    const isSafe = typeof given === "number" ? Math.abs(plain) <= Number.MAX_SAFE_INTEGER : given.abs().lt(PENNIES_END);
    return isSafe ? plain : troubled("it gives a number of more figures than can be kept exactly");
  }

  H.numbers = {
    abs,
    add,
    compare,
    deviation,
    divide,
    exponential,
    isWhole,
    isZero,
    kept,
    logarithm,
    mean,
    median,
    modulo,
    multiply,
    negate,
    power,
    read,
    root,
    rounded,
    sign,
    subtract,
    sum,
    text,
    ways: {
      ceiling: ROUND_CEIL,
      down: ROUND_DOWN,
      floor: ROUND_FLOOR,
      halfDown: ROUND_HALF_DOWN,
      halfEven: ROUND_HALF_EVEN,
      halfUp: ROUND_HALF_UP,
      up: ROUND_UP,
    },
  };
})();
