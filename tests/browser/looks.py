"""What every page must pass, each as a function from the page to what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from axe_playwright_python.sync_playwright import Axe
from justhtml import JustHTML
from justhtml.parser import StrictModeError
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEVER_SAID = re.compile(r"\b(tokens?|gateways?|instances?|workflows?|tenants?|process models?)\b", re.IGNORECASE)
MENU_NAME = ".hw-menu-name"
LEAST_TARGET = 24  # css pixels
MOST_STOPS = 60  # of the Tab key

WIDER = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const over = [...document.body.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > wide + 1);
  return [`wider than ${wide}: ` + over.slice(-3).map((each) => `${each.tagName}.${each.className}`).join(", ")];
}"""
SMALL = """(least) => [...document.querySelectorAll("button, select, textarea, summary, input:not([type=hidden])")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .filter((each) => !each.closest("[aria-hidden=true], .govuk-visually-hidden"))
  .map((each) => [each, (/radio|checkbox/.test(each.type) ? each.parentElement : each).getBoundingClientRect()])
  .filter(([each, box]) => box.width < least || box.height < least)
  .map(([each, box]) => `target of ${box.width} by ${box.height}: ${each.outerHTML.slice(0, 90)}`)"""
MARKS = """() => [...document.querySelectorAll(".hw-diagram")]
  .map((each) => each.querySelector(".bjs-powered-by"))
  .map((mark) => {
    if (!mark || !mark.checkVisibility({visibilityProperty: true, opacityProperty: true})) return "not shown";
    const {left, top, width, height} = mark.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    return width > 20 && mark.contains(over) ? "" : `covered by ${over?.outerHTML.slice(0, 80)}`;
  })
  .filter(Boolean)"""
# How an element looks, and which one it is; asked once while it has the focus and once when nothing has.
STYLE = """
  const all = [...document.querySelectorAll("*")];
  const looks = (each) => {
    const style = getComputedStyle(each);
    return [style.outline, style.boxShadow, style.backgroundColor, style.border].join("|");
  };"""
FOCUSED = f"""() => {{ {STYLE}
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const {{top, left, bottom, right}} = at.getBoundingClientRect();
  const out = bottom <= top + 1 || right <= left + 1 || bottom < 0 || right < 0 || top > innerHeight;
  return {{said: at.outerHTML.slice(0, 90), look: looks(at), out, place: all.indexOf(at)}};
}}"""
LEFT = f"""(places) => {{ {STYLE}
  document.activeElement?.blur();
  return places.map((place) => looks(all[place]));
}}"""


def barriers(page: Page, within_diagrams: bool = True) -> list[str]:
    """What axe finds wrong by WCAG 2.2 AA and good practice. Looking at every line of a diagram takes it seconds."""
    context = {} if within_diagrams else {"exclude": [[".hw-diagram__frame svg"]]}
    found = Axe().run(page, context, {"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(WIDER)
    return found


def too_small(page: Page) -> list[str]:
    """What is too small to hit. axe looks at links; here are the parts of forms."""
    found: list[str] = page.evaluate(SMALL, LEAST_TARGET)
    return found


def covered_mark(page: Page) -> list[str]:
    """A live diagram shows its makers' mark, and nothing lies over it."""
    frames = page.locator(".hw-diagram")
    for frame in frames.all():
        frame.locator(".bjs-powered-by").scroll_into_view_if_needed()
    return [f"{frames.count()} diagrams, their makers' marks: {found}" for found in page.evaluate(MARKS)]


def headings(page: Page) -> list[str]:
    """One heading of the first rank, and a title that begins with what the page is."""
    ranks = page.locator("h1").count()
    title = page.title()
    named = title.endswith(" Headway") and not title.startswith("Headway")
    return [*([f"{ranks} headings h1"] if ranks != 1 else []), *([] if named else [f"title {title!r}"])]


def never_said(page: Page) -> list[str]:
    """Words that nobody should meet, but in the names that the menus of the modeller have."""
    named = Counter(NEVER_SAID.findall(" ".join(page.locator(MENU_NAME).all_inner_texts())))
    return [f"says {found!r}" for found in Counter(NEVER_SAID.findall(page.inner_text("body"))) - named]


def badly_formed(html: str) -> list[str]:
    """What is wrong with the page as it was sent."""
    try:
        read = JustHTML(html, strict=True, sanitize=False)
    except StrictModeError as error:
        return [f"html: {error}"]
    ids = Counter((each.attrs or {}).get("id") for each in read.query("[id]"))
    return [f"{count} times id={found}" for found, count in ids.items() if count > 1]


def unseen_focus(page: Page) -> list[str]:
    """Stops of the Tab key that nobody would see."""
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    stops = list(_stops(page))
    without = page.evaluate(LEFT, [stop["place"] for stop in stops])
    unseen = [stop for stop, look in zip(stops, without, strict=True) if stop["out"] or stop["look"] == look]
    return [f"focus unseen: {stop['said']}" for stop in unseen]


def _stops(page: Page) -> Iterator[dict[str, object]]:
    seen: set[object] = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or at["place"] in seen:
            return
        seen.add(at["place"])
        yield at


# How wide the window is does not change these.
AT_ANY_WIDTH: tuple[Callable[[Page], list[str]], ...] = (headings, never_said, too_small)
