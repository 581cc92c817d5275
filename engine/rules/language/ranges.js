// The functions that say how a point or a range lies to another, as DMN has them. Plain script, after calling.js.
"use strict";

(() => {
  const { define, comparing, kindOf } = globalThis.headwayValues;
  const { compare } = comparing;
  const isRange = (value) => kindOf(value) === "range";
  const EITHER = "number|string|date|time|date and time|duration|range";

  // A range without a beginning or an end goes on for ever; null of compare() is a fault already told.
  const bound = (one, other, ifNone) => (one === null || other === null ? ifNone : compare(one, other));
  const from = (range) => range["start included"];
  const to = (range) => range["end included"];
  const starts = (one, other) => {
    if (one.start === null) return other.start === null ? 0 : -1;
    return bound(one.start, other.start, 1);
  };
  const ends = (one, other) => {
    if (one.end === null) return other.end === null ? 0 : 1;
    return bound(one.end, other.end, -1);
  };
  const endToStart = (one, other) => bound(one.end, other.start, 1); // where the one ends to where the other starts

  // A point is a range of nothing but itself: every table of DMN for points follows from the one for ranges.
  const asRange = (value) =>
    isRange(value) ? value : { start: value, end: value, "start included": true, "end included": true };

  function before(one, other) {
    const order = endToStart(one, other);
    return order < 0 || (order === 0 && !(to(one) && from(other)));
  }

  const touches = (one, other) => endToStart(one, other) === 0 && to(one) && from(other);
  const reaches = (one, other) => endToStart(one, other) > 0 || touches(one, other);
  const startsFirst = (one, other) => {
    const order = starts(one, other);
    return order < 0 || (order === 0 && from(one) && !from(other));
  };
  const endsFirst = (one, other) => {
    const order = ends(one, other);
    return order < 0 || (order === 0 && (!to(one) || to(other)));
  };
  const startsLast = (one, other) => {
    const order = starts(one, other);
    return order > 0 || (order === 0 && (!from(one) || from(other)));
  };

  const overlaps = (one, other) => reaches(one, other) && reaches(other, one);
  const overlapsBefore = (one, other) => startsFirst(one, other) && reaches(one, other) && endsFirst(one, other);
  const overlapsAfter = (one, other) => startsFirst(other, one) && reaches(other, one) && endsFirst(other, one);
  const during = (one, other) => startsLast(one, other) && endsFirst(one, other);
  const sameStart = (one, other) => starts(one, other) === 0 && from(one) === from(other);
  const sameEnd = (one, other) => ends(one, other) === 0 && to(one) === to(other);
  const isStart = (one, other) => sameStart(one, other) && endsFirst(one, other);
  const isEnd = (one, other) => sameEnd(one, other) && startsLast(one, other);
  const turned = (test) => (one, other) => test(other, one);

  function relation(name, first, second, test) {
    const run = (one, other) => {
      const found = test(asRange(one), asRange(other));
      return typeof found === "boolean" ? found : null;
    };
    define(name, `${first[0]}: ${first[1]}, ${second[0]}: ${second[1]}`, run);
  }

  const [point1, point2] = [
    ["point1", EITHER],
    ["point2", EITHER],
  ];
  const [range1, range2] = [
    ["range1", "range"],
    ["range2", "range"],
  ];
  relation("before", point1, point2, before);
  relation("after", point1, point2, turned(before));
  relation("meets", range1, range2, touches);
  relation("met by", range1, range2, turned(touches));
  relation("overlaps", range1, range2, overlaps);
  relation("overlaps before", range1, range2, overlapsBefore);
  relation("overlaps after", range1, range2, overlapsAfter);
  relation("finishes", ["point", EITHER], ["range", "range"], isEnd);
  relation("finished by", ["range", "range"], ["point", EITHER], turned(isEnd));
  relation("includes", ["range", "range"], ["point", EITHER], turned(during));
  relation("during", ["point", EITHER], ["range", "range"], during);
  relation("starts", ["point", EITHER], ["range", "range"], isStart);
  relation("started by", ["range", "range"], ["point", EITHER], turned(isStart));
  relation("coincides", point1, point2, (one, other) => sameStart(one, other) && sameEnd(one, other));
})();
