"""The door for text: what cannot be seen goes, what can be seen stays, in every script."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest

from engine.model.text import clean, one_line, several_lines, storable, too_long

UNSEEN = [
    *"\x00\x01\x08\x1b\x7f\x85\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u200b\u200c\u200d\u200e\u200f",
    *"\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2064\u2065\u2066\u2067\u2068\u2069\u206f\u2800\u3164\ufe00\ufe0e",
    *"\ufe0f\ufeff\uffa0\ufff0\ufff9\ufffb\ufffc\ufffe\uffff\ufdd0\ud800\udfff\U0001d173\U000e0001\U000e0041",
    *"\U000e007f\U000e0100\U000e01ef\U0001fffe\U0010ffff",
]
SEEN = {
    "English": "Mrs O\u2019Neill\u2019s “café” \u2013 10 % of £3, naïve",
    "Welsh": "Ysgol Tŷ Ddewi",
    "Polish": "Zażółć gęślą jaźń",
    "Vietnamese": "Nguyễn Thị Minh Khai",
    "Persian, with the sign that keeps letters apart": "می‌خواهم",
    "Hindi, with a joiner inside a cluster": "क्‍ष",
    "Malayalam, with a joiner at the end of a word": "അവന്‍",
    "Sinhala": "ශ්‍රී ලංකා",
    "Arabic": "مدرسة الأمل",
    "Hebrew": "בֵּית סֵפֶר",
    "Thai": "โรงเรียน",
    "Korean": "한국어 학교",
    "Chinese": "学校改进",
    "a Japanese name with a form of its own": "葛\U000e0100城",
    "Mongolian": "ᠮᠣᠩ᠋ᠭᠣᠯ",
    "Greek and Cyrillic": "Σχολείο Школа",
    "a family": "👩‍👩‍👧‍👦",
    "a doctor with a colour of skin": "👩🏽‍⚕️",
    "a head that is shaken": "🙂‍↔️",
    "a heart": "❤️ and ☺︎",
    "the rainbow flag": "🏳️‍🌈",
    "England, Scotland and Wales": "🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "a key": "1️⃣ #️⃣",
    "Ukraine": "🇺🇦",
    "private letters of a font": "\uf0b7 first",
}


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
def test_what_cannot_be_seen_is_taken_out_and_alone_it_is_nothing(character: str) -> None:
    assert clean(f"12{character}") == "12"
    assert clean(f"{character}ab{character}{character}c") == "abc"
    assert clean(character * 3) == one_line(f" {character} ") == several_lines(f"\n{character}\n") == ""


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN.keys())
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)
    assert one_line(text) == unicodedata.normalize("NFC", text)


def test_lines_end_in_one_way_and_spaces_are_spaces_in_one_line() -> None:
    assert clean("one\r\ntwo\rthree\u2028four\u2029five\x0bsix\n") == "one\ntwo\nthree\nfour\nfive\nsix\n"
    assert one_line("\u00a0 a\t\u2003b\u3000\r\nc\u202f") == "a b c"
    assert several_lines("\u00a0\n a\r\n\r\nb \n") == "a\n\nb"
    assert clean("\u2813\u2800\u2811") == "\u2813 \u2811"  # braille: its blank is the space between words


def test_what_looks_the_same_is_the_same() -> None:
    assert clean("Zoe\u0308") == clean("Zo\u200be\u0308") == clean("Zoë") == "Zo\xeb"


def test_a_text_once_cleaned_is_clean_and_never_longer() -> None:
    chance = random.Random(20261129)
    pool = [*UNSEEN, *"\u200c\u200d\ufe0f\u2801❤👩🏽क्षمي1\u20e3葛🏴󠁧󠁿e\u0301\u0327\r\n a\u1820가\u11a8\u0958"]
    for _ in range(4_000):
        text = "".join(chance.choices(pool, k=chance.randint(0, 9)))
        found = clean(text)
        assert clean(found) == found, ascii(text)
        assert len(found) <= len(unicodedata.normalize("NFC", text)), ascii(text)
        assert one_line(one_line(text)) == one_line(text), ascii(text)
        found.encode()


@pytest.mark.parametrize("piece", ["a\u200b", "\u0301\u200c\u094d\u200d", "\ufe0f\u200d❤", "\u2800", "\u0327\u0301"])
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    began = time.process_time()
    clean(piece * 50_000)
    assert time.process_time() - began < 1


def test_no_letter_carries_marks_without_end() -> None:
    assert clean("a" + "\u0316" * 500) == "a" + "\u0316" * 30


def test_what_no_database_holds_is_taken_out_and_nothing_else() -> None:
    assert storable("a\x00\u200b\udc80b\r\n") == "a\u200bb\r\n"


def test_how_much_is_too_much_is_said() -> None:
    assert too_long("The reason", "a" * 2000, 2000) is None
    assert too_long("The reason", "a" * 3691, 2000) == (
        "The reason must be 2,000 characters or fewer: it is 1,691 too long"
    )
