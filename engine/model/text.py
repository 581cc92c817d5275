"""The one door for text that comes in: what nobody can see is taken out, and what looks the same is the same.

Taken out are controls, halves of characters, overrides of direction and every character that shows nothing. Kept is
what changes how its neighbours look: joiners inside emoji and inside Persian, Arabic and Indic words, the selectors of
an emoji's or ideograph's form, and the flags of England, Scotland and Wales, which are spelt in invisible letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_JOINED = (  # scripts whose letters change their form beside a joiner: Arabic to Indic, Burmese, Khmer, Mongolian
    "\u0600-\u061b\u061d-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18af\u1a00-\u1aff"
    "\u1b00-\u1bff\ua840-\ua87f\ua880-\ua8ff\ua980-\ua9df\uaa60-\uaa7f\uabc0-\uabff\ufb50-\ufdcf\ufdf0-\ufdff"
    "\ufe70-\ufefc\U00010a00-\U00010aff\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_FLAGS = ("gbeng", "gbsct", "gbwls")
_END_OF_TAGS = "\U000e007f"


def _tags(letters: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in letters) + _END_OF_TAGS


_KEPT = "|".join(
    (
        f"(?<=\U0001f3f4)(?:{'|'.join(map(_tags, _FLAGS))})",
        f"(?<=[{_JOINED}])\u200c(?=[{_JOINED}])",  # where it keeps letters of one word apart
        f"(?<=[{_JOINED}])\u200d",
        f"(?<=[{_EMOJI}])(?:[\ufe0e\ufe0f](?:\u200d(?=[{_EMOJI}]))?|\u200d(?=[{_EMOJI}]))",
        "(?<=[0-9#*])\ufe0f(?=\u20e3)",  # a key: 1️⃣
        f"(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]",
        "(?<=[\u1820-\u18af])[\u180b-\u180d\u180f]",
    )
)
_NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
_UNSEEN = (
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U00013441\U00013442"
    "\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    f"{_NONCHARACTERS}]"
)
_SEEN_OR_NOT = re.compile(f"(?={_UNSEEN})(?:({_KEPT})|.)", re.DOTALL)
_ALL_UNSEEN = re.compile(_UNSEEN)
_PASSES = 4  # what is taken out can leave a joiner without its letter; real text is done in two
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
_BRAILLE_SPACE = re.compile("(?<=[\u2801-\u28ff])\u2800+(?=[\u2801-\u28ff])")  # between words written in braille
_MAYBE_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_MARKS = 30  # on one letter, as in Unicode's stream-safe texts: sorting more of them takes ever longer
MOST_WORDS, LONGEST_WORD = 6, 200
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what nobody can see, its lines ending in one way. Spaces stay as they are."""
    if text.isascii() and text.isprintable():
        return text
    text = _composed(_LINE_END.sub("\n", text))
    if not _ALL_UNSEEN.search(text):
        return text
    text = _BRAILLE_SPACE.sub(" ", text)
    for _ in range(_PASSES):
        before, text = text, _composed(_SEEN_OR_NOT.sub(lambda found: found[1] or "", text))
        if text == before:
            return text
    return _composed(_ALL_UNSEEN.sub("", text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", _MAYBE_MARKS.sub(lambda found: "".join(_few_marks(found[0])), text))


def _few_marks(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            yield character


def one_line(text: str) -> str:
    """For names, titles and searches: clean, in one line, every run of spaces one space."""
    return " ".join(clean(text).split())


def several_lines(text: str) -> str:
    """For what may have several lines: clean, nothing before or after it."""
    return clean(text).strip()


def storable(text: str) -> str:
    """Without the two things that no database can hold in a text: NUL, and half of a character."""
    return _UNSTORABLE.sub("", text)


def too_long(what: str, text: str, most: int) -> str | None:
    """What to say of a text longer than `most`, by how much it is too long; None when it will do."""
    over = len(text) - most
    if over <= 0:
        return None
    return f"{what} must be {most:,} characters or fewer: it is {over:,} too long"


def words_sought(text: str) -> tuple[list[str], str]:
    """The words to look for, and what to say of those that are too many or too long; empty when all count."""
    words = one_line(text).split()
    if any(len(word) > LONGEST_WORD for word in words):
        return [], f"Look for words of {LONGEST_WORD} characters or fewer"
    if (over := len(words) - MOST_WORDS) > 0:
        return words[:MOST_WORDS], f"Only the first {MOST_WORDS} words were looked for: leave out {over}"
    return words, ""
