// How our JavaScript is checked (`make check`): what runs in browsers, what runs in a bare V8 on the server, and the
// build. Globals are listed by hand, so that a name mistyped or taken from the page by accident (`event`, `name`) is
// found; whoever needs another one adds it here.
import js from "@eslint/js";

const given = (...names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

const RULES = {
  ...js.configs.recommended.rules,
  eqeqeq: "error",
  "no-eval": "error",
  "no-implicit-coercion": ["error", { allow: ["!!"] }],
  "no-implicit-globals": ["error", { lexicalBindings: true }],
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_", caughtErrors: "all" }],
  "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  strict: ["error", "safe"],
};

// Text becomes elements in one way only: through a template that is not in the page yet, from our own server.
const PAGE = {
  "no-restricted-properties": [
    "error",
    { property: "outerHTML", message: "Make elements." },
    { property: "insertAdjacentHTML", message: "Make elements." },
    { object: "document", property: "write", message: "Make elements." },
  ],
  "no-restricted-syntax": [
    "error",
    { selector: "AssignmentExpression[left.property.name='innerHTML'][left.object.name!='template']", message: "Make elements." },
  ],
};

const OPTIONS = { reportUnusedDisableDirectives: "error" };

export default [
  {
    files: ["web/assets/**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: given(
        ...["document", "fetch", "setTimeout", "clearTimeout", "addEventListener", "innerWidth"],
        ...["CSS", "File", "FormData", "TextDecoder", "URLSearchParams"],
      ),
    },
    linterOptions: OPTIONS,
    rules: { ...RULES, ...PAGE },
  },
  {
    files: ["web/assets/**/*.mjs"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: given("console") },
    linterOptions: OPTIONS,
    rules: RULES,
  },
  {
    // Plain scripts in a V8 that has the language and nothing else: no clock of the page, no console, no network.
    files: ["engine/**/*.js"],
    ignores: ["**/*.bundle.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "script", globals: {} },
    linterOptions: OPTIONS,
    rules: { ...RULES, strict: ["error", "global"] },
  },
  {
    files: ["engine/**/*.mjs"], // the same, bundled with what it imports
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: {} },
    linterOptions: OPTIONS,
    rules: RULES,
  },
];
