// Bundles everything the browser loads into web/static, and what the server runs in V8. Pictures drawn by hand
// stand in web/static themselves and are committed; all else there is made here.
//
//   feelin.js             -> web/static/feelin.js and engine/rules/feelin.bundle.js (the same bytes)
//   arrange.mjs           -> engine/bpmn/drawing/arrange.bundle.js (places the steps of a file without a drawing)
//   islands/<name>.js     -> web/static/<name>.js (an ES module of its own)
//   headway.scss          -> web/static/headway.css
//   licences of all that  -> web/static/licences.txt
//   content hashes        -> web/static/manifest.json (written last: its date says when the build was whole)
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const ASSETS = dirname(fileURLToPath(import.meta.url));
const ROOT = join(ASSETS, "..", "..");
const STATIC = join(ROOT, "web", "static");
const MODULES = join(ROOT, "node_modules");
const SERVER_FEEL = join(ROOT, "engine", "rules", "feelin.bundle.js");

const DRAWING = join(ROOT, "engine", "bpmn", "drawing");

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  legalComments: "none", // licences.txt carries them in full
  logLevel: "warning",
  metafile: true,
  minify: true,
  target: "es2022",
  write: false,
};

/** Replace a file in one step, so that a running server never reads half of one. */
async function put(path, bytes) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}

async function bundleFeel() {
  const { outputFiles, metafile } = await esbuild.build({
    ...COMMON,
    entryPoints: [join(ASSETS, "feelin.js")],
    outfile: join(STATIC, "feelin.js"),
    format: "iife",
    platform: "neutral", // no browser and no Node: a bare V8 has neither
    mainFields: ["module", "main"],
  });
  await put(join(STATIC, "feelin.js"), outputFiles[0].contents);
  await put(SERVER_FEEL, outputFiles[0].contents);
  return Object.keys(metafile.inputs);
}

async function bundleArranging() {
  const { outputFiles, metafile } = await esbuild.build({
    ...COMMON,
    entryPoints: [join(DRAWING, "arrange.mjs")],
    outfile: join(DRAWING, "arrange.bundle.js"),
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
  });
  await put(join(DRAWING, "arrange.bundle.js"), outputFiles[0].contents);
  return Object.keys(metafile.inputs);
}

async function bundleIslands() {
  const names = (await readdir(join(ASSETS, "islands"))).filter((name) => name.endsWith(".js"));
  await removeBut(["feelin.js", ...names]);
  const { outputFiles, metafile } = await esbuild.build({
    ...COMMON,
    entryPoints: names.map((name) => join(ASSETS, "islands", name)),
    outdir: STATIC,
    format: "esm",
  });
  await Promise.all(outputFiles.map((file) => put(file.path, file.contents)));
  return Object.keys(metafile.inputs);
}

/** An island that is gone leaves no script behind. */
async function removeBut(names) {
  const gone = (await readdir(STATIC)).filter((name) => name.endsWith(".js") && !names.includes(name));
  await Promise.all(gone.map((name) => rm(join(STATIC, name))));
}

async function bundleStyles() {
  const { css, loadedUrls } = await sass.compileAsync(join(ASSETS, "headway.scss"), {
    loadPaths: [MODULES],
    style: "compressed",
    quietDeps: true,
  });
  const foreign = css.match(/@font-face|GDS Transport|govuk-crest|logotype|crown/i);
  if (foreign) {
    throw new Error(`headway.css holds ${foreign[0]}: Headway ships no fonts and never looks like GOV.UK`);
  }
  await put(join(STATIC, "headway.css"), css);
  return loadedUrls.map((url) => relative(ROOT, fileURLToPath(url)).split(sep).join("/"));
}

/** The npm packages whose code or styles went into the bundles. */
function packagesOf(inputs) {
  const names = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

async function licenceOf(name) {
  const folder = join(MODULES, name);
  const { version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? await readFile(join(folder, file), "utf8")
    : `Licence: ${license}. Author: ${author?.name ?? author ?? "see the package"}.`;
  return `${name} ${version}\n\n${text.trim()}\n`;
}

async function writeLicences(inputs) {
  const texts = await Promise.all(packagesOf(inputs).map(licenceOf));
  await put(join(STATIC, "licences.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

async function writeManifest() {
  const names = (await readdir(STATIC)).filter((name) => name !== "manifest.json").sort();
  const hashes = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(STATIC, name));
      return [name, createHash("sha256").update(bytes).digest("hex").slice(0, 16)];
    }),
  );
  await put(join(STATIC, "manifest.json"), `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`);
  return names;
}

await mkdir(STATIC, { recursive: true });
const inputs = await Promise.all([bundleFeel(), bundleArranging(), bundleIslands(), bundleStyles()]);
await writeLicences(inputs.flat());
const written = await writeManifest();
console.log(`Built ${written.map((name) => basename(name)).join(", ")}`);
