"""Three processes on one PostgreSQL, one of them killed at a time, fifty times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.killing import kill_and_check

pytestmark = pytest.mark.slow


def test_nothing_is_lost_and_nothing_happens_twice(tmp_path: Path, postgres_database_url: str) -> None:
    kill_and_check(postgres_database_url, tmp_path, ["serve", "serve", "work"], (0.2, 1.5))
