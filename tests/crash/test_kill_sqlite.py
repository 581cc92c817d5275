"""One process on SQLite, killed fifty times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.killing import kill_and_check

pytestmark = pytest.mark.slow


def test_nothing_is_lost_and_nothing_happens_twice(tmp_path: Path) -> None:
    kill_and_check(f"sqlite:///{tmp_path / 'headway.db'}", tmp_path, ["serve"], (0.4, 3.0))
