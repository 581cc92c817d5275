// A diagram that can be moved about, in place of the drawing the server made. The page works without this.
//
// <div data-diagram="{address of the diagram}" data-marks="{JSON: element id -> {kind, text, short, href}}"> holds
// the drawing. When the diagram cannot be fetched or shown, the drawing stays. Kinds: done, now, late, waiting.
import Viewer from "bpmn-js/lib/Viewer";
import MoveCanvasModule from "diagram-js/lib/navigation/movecanvas";

const STEP = 1.3; // of one press on + or −
const STRIDE = 120; // pixels, of one press on an arrow
const LEAST = 0.1;
const MOST = 3;
const READABLE = 0.75; // the size at which names of steps can be read
const FAR = 0.5; // smaller than this, labels are short
const PHONE = 640; // pixels; on less there is no use in showing all of it at first
const ARROWS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(text, label, act) {
  const found = made("button", "hw-diagram__button", text);
  found.type = "button";
  if (label) found.setAttribute("aria-label", label);
  found.addEventListener("click", act);
  return found;
}

/** Everything that moves the picture: buttons, keys, the wheel and fingers all use these. */
class Moves {
  constructor(canvas, marked) {
    this.canvas = canvas;
    this.marked = marked;
  }

  zoom(factor, at) {
    const size = Math.min(MOST, Math.max(LEAST, this.canvas.zoom() * factor));
    this.canvas.zoom(size, at);
  }

  whole() {
    this.canvas.zoom("fit-viewport", "auto");
  }

  /** Go to the first of the marked steps, at a size that can be read. */
  there() {
    const step = this.marked[0];
    if (!step) return this.whole();
    const { width, height } = this.canvas.getSize();
    const [wide, high] = [width / READABLE, height / READABLE];
    const [x, y] = [step.x + step.width / 2 - wide / 2, step.y + step.height / 2 - high / 2];
    this.canvas.viewbox({ x, y, width: wide, height: high });
  }

  by(dx, dy) {
    this.canvas.scroll({ dx, dy });
  }
}

function listenToKeys(frame, moves) {
  const acts = { "+": () => moves.zoom(STEP), "=": () => moves.zoom(STEP), "-": () => moves.zoom(1 / STEP), 0: () => moves.whole() };
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, button")) return;
    const act = ARROWS[event.key] ? () => moves.by(...ARROWS[event.key]) : acts[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });
}

/** The wheel alone scrolls the page; with Ctrl (and when fingers pinch a touch pad) it zooms. */
function listenToWheel(frame, moves) {
  const wheel = (event) => {
    if (!event.ctrlKey) return;
    const { left, top } = frame.getBoundingClientRect();
    moves.zoom(Math.exp(-event.deltaY / 200), { x: event.clientX - left, y: event.clientY - top });
    event.preventDefault();
  };
  frame.addEventListener("wheel", wheel, { passive: false });
}

/** One finger moves the picture once it is larger than its frame, two make it larger or smaller. */
function listenToFingers(frame, moves) {
  const fingers = new Map();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y) || 1;
  };
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  for (const gone of ["pointerup", "pointercancel", "pointerleave"]) {
    frame.addEventListener(gone, (event) => fingers.delete(event.pointerId));
  }
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const was = fingers.size === 2 ? spread() : 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 1) moves.by(event.clientX - before.x, event.clientY - before.y);
    if (fingers.size !== 2) return;
    const { left, top } = frame.getBoundingClientRect();
    moves.zoom(spread() / was, { x: event.clientX - left, y: event.clientY - top });
  });
}

/** Labels keep their size however small the picture is, so that they can always be read. */
function mark(viewer, marks) {
  const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((name) => viewer.get(name));
  const marked = [];
  for (const [id, { kind, text, short, href }] of Object.entries(marks)) {
    const element = registry.get(id);
    if (!element) continue;
    canvas.addMarker(id, `hw-mark--${kind}`);
    const label = made(href ? "a" : "span", `hw-pin hw-pin--${kind}`);
    label.append(made("span", "hw-pin__near", text), made("span", "hw-pin__far", short));
    if (href) {
      label.href = href;
      label.setAttribute("aria-label", `${element.businessObject.name}: ${text}`);
    }
    overlays.add(id, { position: { top: -14, left: 4 }, html: label, scale: { min: 1, max: 1 } });
    if (kind !== "done") marked.push(element);
  }
  return marked.sort((a, b) => a.x - b.x);
}

/** Seen from afar there is room for a number, not for a sentence. */
function watchSize(viewer, frame) {
  const size = () => frame.classList.toggle("hw-diagram__frame--far", viewer.get("canvas").zoom() < FAR);
  viewer.on("canvas.viewbox.changed", size);
  size();
}

function toolbar(moves, marked, there) {
  const bar = made("div", "hw-diagram__bar");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Move the diagram");
  bar.append(
    button("+", "Larger", () => moves.zoom(STEP)),
    button("−", "Smaller", () => moves.zoom(1 / STEP)),
    // Whoever cannot drag presses these.
    button("←", "Left", () => moves.by(STRIDE, 0)),
    button("↑", "Up", () => moves.by(0, STRIDE)),
    button("↓", "Down", () => moves.by(0, -STRIDE)),
    button("→", "Right", () => moves.by(-STRIDE, 0)),
    button("Whole diagram", "", () => moves.whole()),
  );
  if (marked.length) bar.append(button(there, "", () => moves.there()));
  return bar;
}

// As engine/readers/encoding.py reads it: by its mark, by what it declares, by how it begins.
function lettersOf(bytes) {
  const begins = new TextDecoder("latin1").decode(bytes.subarray(0, 400));
  const declared = /^[\s\xef\xbb\xbf]*<\?xml\s[^?]*encoding\s*=\s*["']([^"']+)/.exec(begins);
  const wide = { "\xff\xfe": "utf-16le", "\xfe\xff": "utf-16be", "<\0": "utf-16le", "\0<": "utf-16be" }[begins.slice(0, 2)];
  try {
    return new TextDecoder(wide || (declared && declared[1]) || "utf-8", { fatal: true }).decode(bytes).trimStart();
  } catch {
    return new TextDecoder("windows-1252").decode(bytes).trimStart();
  }
}

async function show(place) {
  const answer = await fetch(place.dataset.diagram, { headers: { Accept: "*/*" } });
  if (!answer.ok) return;
  const xml = lettersOf(new Uint8Array(await answer.arrayBuffer()));
  const still = place.querySelector(".hw-diagram__still");
  const live = made("div", "hw-diagram__live");
  const frame = made("div", "hw-diagram__frame");
  live.append(frame);
  place.append(live);
  try {
    const viewer = new Viewer({ container: frame, additionalModules: [MoveCanvasModule] });
    await viewer.importXML(xml);
    const marked = mark(viewer, JSON.parse(place.dataset.marks || "{}"));
    const moves = new Moves(viewer.get("canvas"), marked);
    const picture = frame.querySelector("svg");
    picture.setAttribute("role", "application");
    picture.setAttribute("aria-label", `${place.dataset.label}. Arrow keys move it, plus and minus make it larger and smaller, 0 shows all of it.`);
    live.prepend(toolbar(moves, marked, place.dataset.there));
    still.hidden = true;
    if (place.dataset.start === "whole" && innerWidth > PHONE) moves.whole();
    else moves.there();
    watchSize(viewer, frame);
    listenToKeys(frame, moves);
    listenToWheel(frame, moves);
    listenToFingers(frame, moves);
    addEventListener("resize", () => viewer.get("canvas").resized());
  } catch {
    live.remove();
    still.hidden = false;
  }
}

for (const place of document.querySelectorAll("[data-diagram]")) show(place).catch(() => {});
