// The tree of an expression, and the words of its parts. Plain script, after lists.js; adds `tree` to headwayValues.
"use strict";

(() => {
  const H = globalThis.headwayValues;

  const childrenOf = (node) => {
    const found = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (!child.type.isSkipped) found.push(child); // a remark
    }
    return found;
  };
  const worded = (text, node) => text.slice(node.from, node.to).replace(/\s+/g, " ").trim();

  /** The words of a part as a sentence shows them. */
  const shown = (read, node) => {
    const whole = worded(read.text, node);
    return whole.length > 60 ? `${whole.slice(0, 60)}...` : whole;
  };
  const withoutBrackets = (node) =>
    node.name === "ParenthesizedExpression" ? withoutBrackets(childrenOf(node)[1]) : node;
  const isNull = (node) => withoutBrackets(node).name === "null";

  const ESCAPES = { n: "\n", r: "\r", t: "\t", '"': '"', "'": "'", "\\": "\\" };

  const ESCAPED = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([nrt"'\\]))/g;

  function unescaped(text) {
    return text.replace(ESCAPED, (all, short, long, letter) => {
      if (letter) return ESCAPES[letter];
      const number = Number.parseInt(short ?? long, 16);
      return number > 0x10ffff ? all : String.fromCodePoint(number);
    });
  }

  const textIn = (read, node) => unescaped(read.text.slice(node.from + 1, node.to - 1));

  /** The name of a context's entry. */
  const keyOf = (read, entry) => {
    const key = entry.firstChild.firstChild ?? entry.firstChild;
    return key.name === "StringLiteral" ? textIn(read, key) : worded(read.text, entry.firstChild);
  };

  // ---- what an expression sees: names told nearest first. `get` gives undefined for others ------

  const scopeOf = (up, get) => ({ up, get });
  const scopeWith = (up, name, value) => ({ up, get: (asked) => (asked === name ? value : undefined) });

  function seen(scope, name) {
    for (let at = scope; at; at = at.up) {
      const value = at.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  // ---- how each kind of part is made ready: name -> (read: {text, strict}, node) => (scope) => value -----------

  const PARTS = {};
  const constant = (value) => () => value;

  /** A word of the language that has no value of its own gives null. */
  function prepare(read, node) {
    return Object.hasOwn(PARTS, node.name) ? PARTS[node.name](read, node) : constant(null);
  }

  H.tree = {
    childrenOf,
    constant,
    isNull,
    keyOf,
    prepare,
    scopeOf,
    scopeWith,
    seen,
    shown,
    textIn,
    withoutBrackets,
    worded,
  };
  H.tree.parts = (more) => Object.assign(PARTS, more);
})();
