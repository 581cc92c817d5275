"""`headway backup` and `headway restore`: database and files together, in one archive."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine.errors import BadFile
from storage.backup import backup as archives
from storage.backup.archive import Manifest
from storage.backup.restore import restore as put_back
from web.cli.common import opened, say
from web.context import settings
from web.context.utc import utc_now


def backup(asked: Namespace) -> int:
    """Copy everything while everybody works on. 1 when evidence that should be there could not be read."""
    with opened() as trust:
        try:
            made = archives.backup(trust.database, trust.settings.files_dir, asked.FILE, utc_now())
        except OSError as error:
            raise _cannot(asked.FILE, "written", error) from error
    say(f"Saved {_told(made)} in {asked.FILE}")
    for sha256 in made.missing:
        say(f"The file {sha256} is missing or damaged on the disk, so it is not in the archive.")
    return 1 if made.missing else 0


def restore(asked: Namespace) -> int:
    """Put an archive back, comparing every row with it."""
    chosen = settings.read()
    chosen.var_dir.mkdir(parents=True, exist_ok=True)
    try:
        made = put_back(asked.FILE, chosen.database_url, chosen.files_dir, force=asked.replace)
    except OSError as error:
        raise _cannot(asked.FILE, "read", error) from error
    say(f"Restored {_told(made)}, as they were on {made.made_at}. Every row and file was compared with the archive.")
    return 0


def _told(made: Manifest) -> str:
    return f"{sum(table.rows for table in made.tables)} rows and {len(made.files)} files"


def _cannot(path: Path, done: str, error: OSError) -> BadFile:
    return BadFile(f"{path} cannot be {done}: {error.strerror}.")
