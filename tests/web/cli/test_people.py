"""`headway people add` with a role, as somebody at a terminal meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.people import TRUST_WIDE, Scope, ScopeKind
from storage.database import Database, transaction
from tests.engine.readers.test_gias import extract
from tests.web.cli.test_main import var
from web.cli import main

__all__ = ["var"]


@pytest.fixture
def database(var: Path) -> Iterator[Database]:
    """The database of the command line, with one school in it."""
    file = var / "edubasealldata20261102.csv"
    file.write_bytes(extract({}))
    assert main.main(["import", "gias", str(file), "--trust", "99001", "--yes"]) == 0
    opened = Database(f"sqlite:///{var / 'headway.db'}")
    yield opened
    opened.close()


def add(*more: str) -> int:
    return main.main(["people", "add", "Ruth Adeyemi", "ruth@northlea.example", *more])


def test_somebody_is_added_with_a_role_at_a_school(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    done = add("--role", "headteacher", "--school", "900001")

    said = capsys.readouterr().out
    with transaction(database) as store:
        person = store.person_by_email("ruth@northlea.example")
        assert person
        (post,) = store.posts_of(person.id)
        school = store.schools()[0]
    assert done == 0
    assert (post.role, post.scope) == ("headteacher", Scope(ScopeKind.SCHOOL, school.id))
    assert "/invitation/" in said


def test_somebody_is_added_with_a_role_for_the_whole_trust(database: Database) -> None:
    assert add("--role", "chief_executive", "--trust") == 0

    with transaction(database) as store:
        person = store.person_by_email("ruth@northlea.example")
        assert person
        assert [post.scope for post in store.posts_of(person.id)] == [TRUST_WIDE]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--role", "headteacher"), "Say where they hold the role: --school with its URN, or --trust"),
        (("--role", "headteacher", "--school", "1"), "No open school has the URN 1."),
        (("--role", "king", "--trust"), "“king” is no role here. There are: headteacher,"),
        (("--trust",), "Say which role with --role"),
    ],
)
def test_a_role_that_makes_no_sense_adds_nobody(
    database: Database, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert add(*more) == 1

    assert sentence in capsys.readouterr().err
    with transaction(database) as store:
        assert store.person_by_email("ruth@northlea.example") is None
