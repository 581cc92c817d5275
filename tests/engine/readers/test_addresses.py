"""Mail addresses: one reader, strict, that asks no network."""

from __future__ import annotations

import pytest

from engine.readers.addresses import FOREIGN, LIKE, TOO_LONG, BadAddress, address_key, read_address


@pytest.mark.parametrize(
    ("typed", "shown", "wire"),
    [
        ("ann@example.org", "ann@example.org", "ann@example.org"),
        (" \u200eAnn.O'Neil+x@Example.ORG\u200b ", "Ann.O'Neil+x@example.org", "Ann.O'Neil+x@example.org"),
        ("a@bücher.example", "a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@xn--bcher-kva.example", "a@bücher.example", "a@xn--bcher-kva.example"),
        ("head@st-mary_s.sch.uk".replace("_", "-"), "head@st-mary-s.sch.uk", "head@st-mary-s.sch.uk"),
    ],
)
def test_an_address_is_shown_with_its_own_letters_and_sent_in_ascii(typed: str, shown: str, wire: str) -> None:
    found = read_address(typed)

    assert (found.shown, found.wire) == (shown, wire)


@pytest.mark.parametrize(
    "typed",
    [
        "", "ann", "@example.org", "ann@", "a,b@example.org", "a;b@example.org", "ann@example.org.", ".ann@example.org",
        "ann.@example.org", "a..b@example.org", "ann@example..org", "ann@-example.org", "ann@exam_ple.org",
        "ann@localhost", "ann@[127.0.0.1]", '"ann b"@example.org', "Ann <ann@example.org>", "<ann@example.org>",
        "ann@example.org, bob@example.org", "ann@example.org bob@example.org", "ann@example.org\nBcc: x@example.org",
        "ann@@example.org", "a@b@example.org", "ann(work)@example.org", "ann@example.o\xa0rg", "ann@example",
        "mailto:ann@example.org", "ann@example.org>", "ann@" + "a" * 64 + ".org",
        "a" * 65 + "@b.org", "ann@ex\u2024ample..org",
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress) as refused:
        read_address(typed)
    assert str(refused.value) == LIKE


def test_letters_that_relays_do_not_take_and_too_many_are_refused_with_what_to_do() -> None:
    with pytest.raises(BadAddress, match="accents"):
        read_address("zoë@example.org")
    with pytest.raises(BadAddress) as refused:
        read_address("a@" + "b." * 130 + "org")
    assert str(refused.value) == TOO_LONG
    assert FOREIGN.startswith("Enter an email address")


def test_one_address_is_one_however_it_is_written() -> None:
    same = {"Ann@Bücher.example", "ann@BÜCHER.example ", "ann@xn--bcher-kva.example", "a\u200bnn@bu\u0308cher.example"}

    assert {address_key(typed) for typed in same} == {"ann@bücher.example"}
    assert address_key("Ann@example.org.") == "ann@example.org."
