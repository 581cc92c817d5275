// The days a school is open, as functions of FEEL. Plain script, after lists.js.
"use strict";

(() => {
  const { feel } = globalThis;
  const H = globalThis.headwayValues;
  const { calendarOfRun, define, isNothing, kindOf, moments, numbers, troubled } = H;
  const MOST_DAYS = 4_000; // walked by one function: eleven years
  const DAY = 86_400_000;

  /** A day as milliseconds, from a date, a date and time or an ISO text; null for nothing. */
  function dayOf(value, who) {
    if (isNothing(value)) return null;
    const text = typeof value === "string" || kindOf(value) === "date and time";
    const date = text ? feel.parseDate(String(value).slice(0, 10)) : value;
    if (kindOf(date) !== "date") return troubled(`${who} was given something that is not a date`);
    return Date.parse(`${date}T00:00:00Z`);
  }

  /** Whether a day is open, by the rule of the deadlines: a weekday in term, not closed; after the last term known,
   *  any weekday that is not closed. */
  function openDays(who) {
    const calendar = calendarOfRun();
    if (kindOf(calendar) !== "context") return troubled(`${who} needs a calendar, and none is known here`);
    const closed = new Set([...(calendar.closed ?? []), ...(calendar.holidays ?? [])].map((day) => dayOf(day, who)));
    const terms = (calendar.terms ?? []).map(([first, last]) => [dayOf(first, who), dayOf(last, who)]);
    const lastKnown = Math.max(...terms.map(([, last]) => last));
    return (day) => {
      const weekday = new Date(day).getUTCDay();
      if (weekday === 0 || weekday === 6 || closed.has(day)) return false;
      return day > lastKnown || terms.some(([first, last]) => first <= day && day <= last);
    };
  }

  function isSchoolDay(date) {
    const day = dayOf(date, "is school day");
    const open = openDays("is school day");
    return day === null || open === null ? null : open(day);
  }

  function schoolDaysBetween(from, to) {
    const who = "school days between";
    const [first, last, open] = [dayOf(from, who), dayOf(to, who), openDays(who)];
    if (first === null || last === null || open === null) return null;
    if (Math.abs(last - first) > MOST_DAYS * DAY) return troubled(`${who} was given dates too far apart`);
    let count = 0;
    for (let day = Math.min(first, last) + DAY; day <= Math.max(first, last); day += DAY) count += open(day) ? 1 : 0;
    return last < first ? -count : count;
  }

  function addSchoolDays(date, count) {
    const who = "add school days";
    const open = openDays(who);
    let day = dayOf(date, who);
    if (day === null || open === null || isNothing(count)) return null;
    const fits = kindOf(count) === "number" && numbers.isWhole(count);
    if (!fits) return troubled(`${who} was given something that is not a whole number`);
    let left = Math.abs(Number(count));
    for (let walked = 0; left > 0 || !open(day); walked++) {
      if (walked > MOST_DAYS) return troubled(`${who} found too few school days in the calendar`);
      day += count < 0 ? -DAY : DAY;
      if (left > 0 && open(day)) left -= 1;
    }
    return moments.dateFrom(new Date(day).toISOString().slice(0, 10));
  }

  define("is school day", "date", isSchoolDay);
  define("school days between", "from, to", schoolDaysBetween);
  define("add school days", "date, count", addSchoolDays);
  H.calendarFunctions = new Set(["is school day", "school days between", "add school days"]);
})();
