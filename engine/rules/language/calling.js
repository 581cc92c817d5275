// How functions are told, found and called: by place or by name, with values of the kinds they take.
//
// A function given nothing where it needs something gives nothing; given a wrong kind it is a fault. As DMN has it, a
// single value goes where a list is wanted, and a list of one value where that value is. Plain script, after
// comparing.js; adds `define`, `builtin` and `invoke` to globalThis.headwayValues.
"use strict";

(() => {
  const { feel } = globalThis;
  const H = globalThis.headwayValues;
  const { kindOf, mishaps, troubled } = H;
  const builtins = new Map(); // name -> FeelFunction, with the ways it can be called

  /** "list, position: number, length: number?, ...items" as what is taken, one after the other. */
  function parameters(told) {
    return told ? told.split(", ").map(parameter) : [];
  }

  function parameter(told) {
    const [, rest, name, kinds = "any", optional] = /^(\.{3})?([^:?]+)(?:: ([^?]+))?(\?)?$/.exec(told);
    const taken = new Set(kinds.split("|"));
    return { name, kinds: taken, isRest: !!rest, isOptional: !!optional, takesAny: taken.has("any") };
  }

  /** A way to call a function. Told again under the same name, it is a further way. */
  function define(name, told, run) {
    const way = { parameters: parameters(told), run };
    const known = builtins.get(name);
    if (known) return void known.ways.push(way);
    const made = new feel.FeelFunction(() => null, []);
    made.ways = [way];
    builtins.set(name, made);
  }

  // ---- does it fit ---------------------------------------------------------------------------------------------

  const [MISSHAPEN, LACKING, UNUSABLE] = ["misshapen", "lacking", "was given a value it cannot use"];

  /** A value as a parameter takes it; undefined when it does not. */
  function taken(value, { kinds, takesAny }) {
    const kind = kindOf(value);
    if (takesAny || kind === null || kinds.has(kind)) return value;
    if (kinds.has("list")) return [value];
    if (kind === "list" && value.length === 1) return taken(value[0], { kinds, takesAny });
    return undefined;
  }

  function placed(wanted, given) {
    const last = wanted.at(-1);
    if (last?.isRest) return [...given.slice(0, wanted.length - 1), given.slice(wanted.length - 1)];
    return given.length > wanted.length ? null : given;
  }

  function named(wanted, given) {
    if (Object.keys(given).some((name) => !wanted.some((each) => each.name === name))) return null;
    return wanted.map(({ name, isRest }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      return isRest && value !== undefined && kindOf(value) !== "list" ? [value] : value;
    });
  }

  /** The values for one way to call a function, or why they do not fit. */
  function fitted({ parameters: wanted }, given) {
    const values = Array.isArray(given) ? placed(wanted, given) : named(wanted, given);
    if (values === null) return { not: MISSHAPEN };
    const fit = [];
    let isNothing = false;
    for (let at = 0; at < wanted.length; at++) {
      const [each, value] = [wanted[at], values[at]];
      if (value === undefined && !each.isOptional) return { not: LACKING };
      const found = value === undefined || each.isRest ? value : taken(value, each);
      if (found === undefined && value !== undefined) return { not: UNUSABLE };
      isNothing ||= found === null && !each.takesAny && !each.kinds.has("nothing");
      fit.push(found);
    }
    return { values: fit, isNothing };
  }

  function refusal(reasons, where) {
    if (reasons.includes(UNUSABLE)) return `${where} ${UNUSABLE}`;
    if (reasons.includes(LACKING))
      return `it uses something Headway cannot work out: ${where} needs more in its brackets`;
    return `${where} has a value too many or a wrong name in its brackets`;
  }

  function callWays(ways, given, where) {
    const reasons = [];
    for (const way of ways) {
      const { not, values, isNothing } = fitted(way, given);
      if (!not)
        return isNothing
          ? null
          : mishaps.named(
              () => way.run(...values),
              (why) => `${where()} ${UNUSABLE}: ${why}`,
            );
      reasons.push(not);
    }
    return troubled(refusal(reasons, where()));
  }

  /** What a function gives. `given`: a list of values, or a group of them by name. `where` gives the call's words. */
  function invoke(called, given, where) {
    if (called.ways) return callWays(called.ways, given, where);
    const wanted = called.parameterNames.map((name) => ({ name, takesAny: true }));
    const { not, values } = fitted({ parameters: wanted }, given);
    return not ? troubled(refusal([not], where())) : called.fn(...values);
  }

  Object.assign(H, { builtin: (name) => builtins.get(name), builtinNames: () => [...builtins.keys()], define, invoke });
})();
