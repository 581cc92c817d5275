// Dates, times, dates with times and lengths of time: made, compared, added up and taken apart as DMN says.
//
// A day is a day and not a midnight: a date and some hours are a date. Lengths of days and time are counted in seconds,
// whatever the clocks of a zone do meanwhile. Plain script, after numbers.js; adds `moments` to headwayValues.
"use strict";

(() => {
  const { feel } = globalThis;
  const H = globalThis.headwayValues;
  const { kindOf, numbers, troubled, unlucky } = H;
  const { FeelDate, FeelTime, FeelDateTime, FeelDuration } = feel;
  const SECOND = 1_000_000_000n; // in nanoseconds, as all lengths of time here
  const DAY = 86_400n * SECOND;
  const MOST = 400_000_000n; // days a length of time may have
  // feelin lets hold of Temporal only through its values.
  const Duration = feel.duration("PT1S").unwrap().constructor;
  const Day = feel.parseDate("1970-01-01").unwrap().constructor;
  const Clock = feel.parseTime("00:00:00").unwrap().constructor;
  const EPOCH = new Day(1970, 1, 1);

  const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July"];
  MONTHS.push("August", "September", "October", "November", "December");

  // ---- from texts ----------------------------------------------------------------------------------------------

  const DATE = "\\d{4}-\\d\\d-\\d\\d";
  const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?";
  const ZONE = "(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d(?::[0-5]\\d)?|@[A-Za-z0-9_+/-]+)?";
  const MONTHS_LONG = "(?=\\d)(?:\\d{1,9}Y)?(?:\\d{1,9}M)?";
  const HOURS_LONG = "T(?=\\d)(?:\\d{1,12}H)?(?:\\d{1,12}M)?(?:\\d{1,12}(?:\\.\\d{1,9})?S)?";
  const LENGTH = `-?P(?:${MONTHS_LONG}|(?=\\d|T\\d)(?:\\d{1,9}D)?(?:${HOURS_LONG})?)`;
  const written = (pattern) => new RegExp(`^${pattern}$`);
  const [AS_DATE, AS_TIME, AS_BOTH] = [written(DATE), written(TIME + ZONE), written(`${DATE}(?:T${TIME}${ZONE})?`)];

  const wrong = (text, what) => unlucky(`“${String(text).slice(0, 40)}” is not ${what}`);
  const read = (pattern, parse, what) => (text) => (pattern.test(text) && parse(text)) || wrong(text, what);
  const dateFrom = read(AS_DATE, feel.parseDate, "a date, like 2026-11-23");
  const timeFrom = read(AS_TIME, feel.parseTime, "a time, like 09:30:00");
  const bothFrom = read(AS_BOTH, feel.parseDateTime, "a date and time, like 2026-11-23T09:30:00");
  const lengthFrom = read(written(LENGTH), feel.duration, "a length of time, like P3D, PT2H or P1Y6M");

  /** What stands after "@". */
  function momentFrom(text) {
    if (/^-?P/.test(text)) return lengthFrom(text);
    if (AS_TIME.test(text)) return timeFrom(text);
    return text.includes("T") ? bothFrom(text) : dateFrom(text);
  }

  // ---- from figures --------------------------------------------------------------------------------------------

  const fits = (list) => list.every(numbers.isWhole);

  function tried(make, what) {
    try {
      return make();
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError)
        return unlucky(`it makes ${what} that there is none of`);
      throw error;
    }
  }

  function dateOf(year, month, day) {
    if (!fits([year, month, day])) return unlucky("it makes a date of numbers that are not whole");
    return tried(() => new FeelDate(Day.from({ year, month, day }, { overflow: "reject" })), "a date");
  }

  function timeOf(hour, minute, second, offset = null) {
    const [whole, part] = split(second);
    if (!fits([hour, minute])) return unlucky("it makes a time of numbers that are not whole");
    const zone = offset === null ? null : zoneOf(offset);
    const given = { hour, minute, second: whole, millisecond: Math.trunc(part / 1e6) };
    given.microsecond = Math.trunc(part / 1e3) % 1e3;
    given.nanosecond = part % 1e3;
    return zone === undefined
      ? unlucky("it makes a time in a zone that there is none of")
      : tried(() => new FeelTime(Clock.from(given, { overflow: "reject" }), zone), "a time");
  }

  /** Whole seconds, and nanoseconds. */
  function split(second) {
    const whole = Math.floor(Number(second));
    return [
      whole,
      Number(numbers.rounded(numbers.multiply(numbers.subtract(second, whole), 1e9), 0, numbers.ways.down)),
    ];
  }

  function zoneOf(offset) {
    const seconds = Number(nanos(offset) / SECOND);
    const size = Math.abs(seconds);
    if (isMonths(offset) || size > 14 * 3_600) return undefined;
    const two = (part) => String(Math.floor(part)).padStart(2, "0");
    const rest = size % 60 ? `:${two(size % 60)}` : "";
    return `${seconds < 0 ? "-" : "+"}${two(size / 3_600)}:${two((size % 3_600) / 60)}${rest}`;
  }

  const dayOf = (given) => (kindOf(given) === "date" ? given.value : given.value.toPlainDate());
  const together = (date, time) => new FeelDateTime(dayOf(date).toPlainDateTime(time.value), time.zone);
  const justDate = (given) => (kindOf(given) === "date" ? given : new FeelDate(dayOf(given)));
  const justTime = (given) => new FeelTime(given.value.toPlainTime(), given.zone);
  const midnight = () => new FeelTime(new Clock(0, 0, 0), "UTC");

  // ---- lengths of time -----------------------------------------------------------------------------------------

  const isMonths = (length) => length.yearsMonths;
  const months = ({ value }) => value.years * 12 + value.months;

  function nanos({ value: { days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds } }) {
    const small = BigInt(milliseconds) * 1_000_000n + BigInt(microseconds) * 1_000n + BigInt(nanoseconds);
    const inSeconds = BigInt(hours) * 3_600n + BigInt(minutes) * 60n + BigInt(seconds);
    return BigInt(days) * DAY + inSeconds * SECOND + small;
  }

  const size = (length) => (isMonths(length) ? months(length) : nanos(length));
  const tooLong = () => unlucky("it gives a length of time without end");

  function ofMonths(count) {
    const fine = numbers.isWhole(count) && Math.abs(Number(count)) < 1e7;
    return fine ? new FeelDuration(new Duration(Math.trunc(count / 12), count % 12), true) : tooLong();
  }

  function ofNanos(count) {
    if (count > MOST * DAY || count < -MOST * DAY) return tooLong();
    const rest = count % DAY;
    const value = new Duration(0, 0, 0, Number(count / DAY), 0, 0, Number(rest / SECOND), 0, 0, Number(rest % SECOND));
    return new FeelDuration(value, false);
  }

  const alike = (one, other) => isMonths(one) === isMonths(other);
  const mixed = () => troubled("it takes years and months together with days and hours");
  const inNumbers = (length) => (isMonths(length) ? months(length) : numbers.read(String(nanos(length))));

  /** A length of as many months or nanoseconds. */
  function lengthOf(count, isOfMonths) {
    if (count === null) return null;
    if (isOfMonths) return numbers.isWhole(count) ? ofMonths(count) : unlucky("it gives a part of a month");
    return ofNanos(BigInt(numbers.text(numbers.rounded(count, 0, numbers.ways.halfEven))));
  }

  const times = (length, factor) => lengthOf(numbers.multiply(inNumbers(length), factor), isMonths(length));
  const over = (length, divisor) => lengthOf(numbers.divide(inNumbers(length), divisor), isMonths(length));

  const ratio = (one, other) => (alike(one, other) ? numbers.divide(inNumbers(one), inNumbers(other)) : mixed());

  function total(one, other, way) {
    if (!alike(one, other)) return mixed();
    return isMonths(one)
      ? ofMonths(months(one) + way * months(other))
      : ofNanos(nanos(one) + BigInt(way) * nanos(other));
  }

  // ---- on the line of time -------------------------------------------------------------------------------------

  const OFFSET = /^([+-])(\d\d):(\d\d):(\d\d)$/; // to the second, which Temporal does not take as a zone

  /** Where a moment stands, in nanoseconds; one without a zone as if it were in UTC. */
  function placeOf(given) {
    if (kindOf(given) === "date") return given.value.toZonedDateTime("UTC").epochNanoseconds;
    const both = kindOf(given) === "time" ? EPOCH.toPlainDateTime(given.value) : given.value;
    const offset = OFFSET.exec(given.zone ?? "");
    if (!offset) return both.toZonedDateTime(given.zone ?? "UTC").epochNanoseconds;
    const [, way, hours, minutes, seconds] = offset;
    const shift = BigInt(hours) * 3_600n + BigInt(minutes) * 60n + BigInt(seconds);
    return both.toZonedDateTime("UTC").epochNanoseconds - BigInt(`${way}1`) * shift * SECOND;
  }

  const zoned = (given) => (given.zone ?? null) !== null;

  /** Whether two of one kind can be put in order. */
  function comparable(one, other) {
    if (kindOf(one) === "duration") {
      return alike(one, other) || troubled("it compares years and months with days and hours") !== null;
    }
    return (
      zoned(one) === zoned(other) || troubled("it compares a time that has a zone with one that has none") !== null
    );
  }

  function compare(one, other) {
    const place = kindOf(one) === "duration" ? size : placeOf;
    const [first, second] = [place(one), place(other)];
    return first < second ? -1 : first > second ? 1 : 0;
  }

  /** `way` is 1 or -1. */
  function moved(given, length, way) {
    const kind = kindOf(given);
    if (kind === "time" && isMonths(length)) return troubled("it adds years or months to a time");
    return tried(() => MOVES[kind](given, length, way), kind === "time" ? "a time" : "a date");
  }

  const monthsOf = (length, way) => new Duration(0, way * months(length));

  function secondsOf(length, way) {
    const all = BigInt(way) * nanos(length);
    return new Duration(0, 0, 0, 0, 0, 0, Number(all / SECOND), 0, 0, Number(all % SECOND));
  }

  const MOVES = {
    date: (given, length, way) => {
      if (isMonths(length)) return new FeelDate(given.value.add(monthsOf(length, way)));
      return new FeelDate(given.value.toPlainDateTime().add(secondsOf(length, way)).toPlainDate());
    },
    time: (given, length, way) => new FeelTime(given.value.add(secondsOf(length, way)), given.zone),
    "date and time": (given, length, way) => {
      const { value, zone } = given;
      if (isMonths(length)) return new FeelDateTime(value.add(monthsOf(length, way)), zone);
      if (zone === null || OFFSET.test(zone)) return new FeelDateTime(value.add(secondsOf(length, way)), zone);
      return new FeelDateTime(value.toZonedDateTime(zone).add(secondsOf(length, way)).toPlainDateTime(), zone);
    },
  };

  /** The length of time from `other` to `one`. A date beside a date and time is its midnight in UTC. */
  function between(one, other) {
    const inUtc = (given, beside) => zoned(given) || (kindOf(given) === "date" && kindOf(beside) !== "date");
    const fine = inUtc(one, other) === inUtc(other, one);
    if (!fine) return troubled("it takes a time that has a zone together with one that has none");
    return ofNanos(placeOf(one) - placeOf(other));
  }

  /** Whole years and months between two days. */
  function monthsBetween(from, to) {
    const { years, months: rest } = dayOf(from).until(dayOf(to), { largestUnit: "month" });
    return ofMonths(years * 12 + rest);
  }

  // ---- taken apart ---------------------------------------------------------------------------------------------

  const ofDay = ["year", "month", "day", "weekday"];
  const ofClock = ["hour", "minute", "second", "time offset", "timezone"];
  const PARTS = { date: ofDay, time: ofClock, "date and time": [...ofDay, ...ofClock] };

  /** A part of a moment by its name; undefined when it has none of the name. */
  function part(given, name) {
    const kind = kindOf(given);
    const parts = kind === "duration" ? (isMonths(given) ? ["years", "months"] : null) : PARTS[kind];
    if (parts) return parts.includes(name) ? given[name] : undefined;
    const all = nanos(given) / SECOND;
    const found = { days: all / 86_400n, hours: (all / 3_600n) % 24n, minutes: (all / 60n) % 60n, seconds: all % 60n };
    return Object.hasOwn(found, name) ? Number(found[name]) : undefined;
  }

  const facts = {
    "day of year": (day) => dayOf(day).dayOfYear,
    "day of week": (day) => WEEKDAYS[dayOf(day).dayOfWeek - 1],
    "month of year": (day) => MONTHS[dayOf(day).month - 1],
    "week of year": (day) => dayOf(day).weekOfYear,
  };

  H.moments = {
    absolute: (length) => (isMonths(length) ? ofMonths(Math.abs(months(length))) : ofNanos(magnitude(nanos(length)))),
    between,
    bothFrom,
    comparable,
    compare,
    dateFrom,
    dateOf,
    facts,
    isMonths,
    justDate,
    justTime,
    lengthFrom,
    midnight,
    momentFrom,
    monthsBetween,
    moved,
    nextDay: (date) => new FeelDate(date.value.add({ days: 1 })),
    over,
    part,
    ratio,
    timeFrom,
    timeOf,
    times,
    together,
    total,
    zoned,
  };

  const magnitude = (count) => (count < 0n ? -count : count);
})();
