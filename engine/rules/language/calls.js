// Names, figures, texts, calls of functions and questions of kind, made ready to run. Plain script, after groups.js;
// adds `CLOCK` and `INPUT` to headwayValues.
"use strict";

(() => {
  const { feel } = globalThis;
  const H = globalThis.headwayValues;
  const { builtin, contextOf, entryOf, invoke, kindOf, moments, numbers, quietly, tree, troubled } = H;
  const { childrenOf, constant, prepare, scopeWith, seen, shown, textIn, worded } = tree;
  const INPUT = "?"; // the name of what a table's cell is tested on
  const CLOCK = new Set(["today", "now"]); // functions of FEEL that are names here: nothing reads a clock

  // ---- names and what is written out ---------------------------------------------------------------------------

  function prepareName(read, node) {
    const name = worded(read.text, node);
    const standard = CLOCK.has(name) ? undefined : builtin(name);
    return (scope) => seen(scope, name) ?? nothingCalled(scope, name, standard);
  }

  function nothingCalled(scope, name, standard) {
    if (seen(scope, name) === null) return null;
    return standard ?? troubled(`${name} is not a name this procedure knows`);
  }

  function prepareFigures(read, node) {
    const figures = read.text.slice(node.from, node.to).replace(/\s+/g, "");
    const value = quietly(() => numbers.read(figures));
    return value === null || value === undefined ? () => numbers.read(figures) ?? null : constant(value);
  }

  // ---- functions -----------------------------------------------------------------------------------------------

  function prepareFunction(read, node) {
    const parts = childrenOf(node);
    if (parts.some((part) => part.name === "external")) {
      return () => troubled("it uses a function from outside, which Headway does not run");
    }
    const formal = parts.find((part) => part.name === "FormalParameters");
    const names = formal ? childrenOf(formal).map((part) => worded(read.text, part.firstChild)) : [];
    const body = prepare(read, parts.at(-1).firstChild);
    return (scope) =>
      new feel.FeelFunction((...values) => {
        return body(names.reduce((inside, name, at) => scopeWith(inside, name, values[at] ?? null), scope));
      }, names);
  }

  function prepareGiven(read, node) {
    if (!node || !node.firstChild) return () => [];
    if (node.name !== "NamedParameters") {
      const values = childrenOf(node).map((part) => prepare(read, part));
      return (scope) => values.map((value) => value(scope) ?? null);
    }
    const entries = childrenOf(node).map((part) => {
      const [name, value] = childrenOf(part);
      return [worded(read.text, name), prepare(read, value)];
    });
    return (scope) => contextOf(entries.map(([name, value]) => [name, value(scope) ?? null]));
  }

  function prepareCall(read, node) {
    const parts = childrenOf(node);
    const name = worded(read.text, parts[0]);
    const given = parts.find((part) => part.name.endsWith("Parameters"));
    if (CLOCK.has(name) && !given?.firstChild) return prepareName(read, parts[0]);
    const isName = parts[0].name === "DateTimeConstructor" || parts[0].name === "SpecialFunctionName";
    const target = isName ? constant(builtin(name)) : prepare(read, parts[0]);
    const values = prepareGiven(read, given);
    const where = () => shown(read, node);
    return (scope) => {
      const found = target(scope);
      if (kindOf(found) === "function") return invoke(found, values(scope), where);
      return troubled(`${where().split("(")[0] || where()} is not a function Headway knows`);
    };
  }

  /** A date written out is made once. */
  function prepareMoment(read, node) {
    const [first] = childrenOf(node);
    const text = first.name === "AtLiteral" ? textIn(read, childrenOf(first).at(-1)) : null;
    const run = text === null ? prepareCall(read, node) : () => moments.momentFrom(text);
    if (text === null && !isWritten(node)) return run;
    let made = null;
    return (scope) => (made ??= run(scope));
  }

  function isWritten(node) {
    const given = childrenOf(node).find((part) => part.name.endsWith("Parameters"));
    const values = given ? childrenOf(given) : [];
    return values.length === 1 && values[0].name === "StringLiteral";
  }

  // ---- kinds ---------------------------------------------------------------------------------------------------

  const isKind = (kind) => (value) => kindOf(value) === kind;
  const isLength = (ofMonths) => (value) => kindOf(value) === "duration" && moments.isMonths(value) === ofMonths;
  const TYPES = new Map(
    ["number", "string", "boolean", "date", "time", "date and time"].map((kind) => [kind, isKind(kind)]),
  );
  for (const kind of ["duration", "range", "list", "context", "function"]) TYPES.set(kind, isKind(kind));
  TYPES.set("Any", (value) => kindOf(value) !== null);
  TYPES.set("Null", (value) => kindOf(value) === null);
  TYPES.set("days and time duration", isLength(false));
  TYPES.set("years and months duration", isLength(true));

  function prepareType(read, node) {
    const [first] = childrenOf(node);
    if (first.name === "ListType") {
      const each = prepareType(
        read,
        childrenOf(first).find((part) => part.name === "Type"),
      );
      return (value) => kindOf(value) === "list" && value.every(each);
    }
    if (first.name === "FunctionType") return isKind("function");
    if (first.name === "ContextType") return prepareContextType(read, first);
    return TYPES.get(worded(read.text, first));
  }

  function prepareContextType(read, node) {
    const listed = childrenOf(node).find((part) => part.name === "ContextEntryTypes");
    const entries = (listed ? childrenOf(listed) : []).map((part) => {
      const [name, type] = childrenOf(part);
      return [worded(read.text, name), prepareType(read, type)];
    });
    const fits = (value) =>
      entries.every(([name, type]) => entryOf(value, name) !== undefined && type(entryOf(value, name)));
    return (value) => kindOf(value) === "context" && fits(value);
  }

  function prepareInstance(read, node) {
    const parts = childrenOf(node);
    const [value, type] = [prepare(read, parts[0]), prepareType(read, parts.at(-1))];
    return (scope) => type(value(scope));
  }

  const first = (read, node) => prepare(read, childrenOf(node)[0]);
  tree.parts({
    Expression: first,
    PositiveUnaryTest: first,
    FunctionBody: first,
    ParenthesizedExpression: (read, node) => prepare(read, childrenOf(node)[1]),
    null: () => constant(null),
    NumericLiteral: prepareFigures,
    BooleanLiteral: (read, node) => constant(worded(read.text, node) === "true"),
    StringLiteral: (read, node) => constant(textIn(read, node)),
    VariableName: prepareName,
    "?": () => (scope) => seen(scope, INPUT) ?? null,
    FunctionDefinition: prepareFunction,
    FunctionInvocation: prepareCall,
    DateTimeLiteral: prepareMoment,
    InstanceOfExpression: prepareInstance,
  });
  Object.assign(H, { CLOCK, INPUT });
})();
