"""Settings are read once, typed, and say everything that is wrong with them at once."""

import stat
from pathlib import Path

import pytest

from web.context.settings import read

POSTGRES = {
    "DATABASE_URL": "postgresql://headway:whisper@db/headway",
    "FILES_DIR": "/srv/evidence",
    "SECRET_KEY": "k" * 40,
    "PUBLIC_URL": "https://headway.example.org",
}


def refused(env: dict[str, str]) -> str:
    with pytest.raises(SystemExit) as ended:
        read(env)
    return str(ended.value)


def test_without_any_settings_one_computer_serves_itself(tmp_path: Path) -> None:
    settings = read({"VAR_DIR": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path / 'headway.db'}"
    assert settings.files_dir == tmp_path / "files"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.embedded
    assert not settings.demo
    assert not settings.https


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = read({"VAR_DIR": str(tmp_path)})
    second = read({"VAR_DIR": str(tmp_path)})

    assert len(first.secret_key) >= 60
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_two_computers_do_not_share_a_key(tmp_path: Path) -> None:
    keys = {read({"VAR_DIR": str(tmp_path / name)}).secret_key for name in ("one", "two")}

    assert len(keys) == 2


def test_a_server_database_is_named_the_way_its_hosts_name_it() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        settings = read({**POSTGRES, "DATABASE_URL": f"{scheme}://headway:whisper@db/headway"})

        assert settings.database_url == "postgresql+psycopg://headway:whisper@db/headway"
        assert not settings.embedded


def test_with_a_server_database_the_shared_folder_and_the_key_must_be_named() -> None:
    said = refused({"DATABASE_URL": POSTGRES["DATABASE_URL"]})

    assert "Set FILES_DIR: a folder for evidence that every machine of this trust shares." in said
    assert "Set SECRET_KEY" in said


def test_migrating_needs_the_database_alone(tmp_path: Path) -> None:
    settings = read({"DATABASE_URL": POSTGRES["DATABASE_URL"], "VAR_DIR": str(tmp_path)}, serving=False)

    assert settings.secret_key == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "many", "PORT must be a whole number from 1 to 65535, not “many”."),
        ("PORT", "70000", "PORT must be a whole number from 1 to 65535, not “70000”."),
        ("PORT", "\uff18\uff10\uff10\uff10", "PORT must be a whole number"),
        ("THREADS", "0", "THREADS must be a whole number from 1 to 64"),
        ("DEMO", "maybe", "DEMO must be yes or no, not “maybe”."),
        ("DATABASE_URL", "mysql://db/headway", "DATABASE_URL must begin with sqlite:///"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL must begin with sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL must begin with sqlite:///"),
        ("SECRET_KEY", "short", "SECRET_KEY must be at least 32 characters long"),
        ("PUBLIC_URL", "headway.example.org", "PUBLIC_URL must be an address such as"),
        ("PUBLIC_URL", "https://example.org/headway", "PUBLIC_URL must be an address such as"),
        ("PUBLIC_URL", "http://headway.example.org", "PUBLIC_URL must begin with https://"),
        ("SMTP_URL", "mail.example.org", "SMTP_URL must be like smtp://"),
        ("MAIL_FROM", "Headway", "MAIL_FROM must be an email address"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in refused({"VAR_DIR": str(tmp_path), name: value})


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = refused({"VAR_DIR": str(tmp_path), "PORT": "x", "DEMO": "x", "SMTP_URL": "smtp://mail.example.org"})

    assert [word for word in ("PORT", "DEMO", "MAIL_FROM") if word not in said] == []


def test_a_server_that_others_reach_must_know_its_address(tmp_path: Path) -> None:
    said = refused({"VAR_DIR": str(tmp_path), "HOST": "0.0.0.0"})  # noqa: S104 - that is the point

    assert "Set PUBLIC_URL" in said


def test_requests_may_come_under_the_public_name_and_those_allowed(tmp_path: Path) -> None:
    env = {**POSTGRES, "VAR_DIR": str(tmp_path), "ALLOWED_HOSTS": "Old.example.org, "}

    assert read(env).allowed_hosts == {"headway.example.org", "old.example.org"}
    assert read({"VAR_DIR": str(tmp_path)}).allowed_hosts == {"127.0.0.1", "localhost", "::1"}


def test_settings_show_no_secret_when_printed(tmp_path: Path) -> None:
    env = {**POSTGRES, "VAR_DIR": str(tmp_path), "SMTP_URL": "smtp://me:hush@mail.example.org", "MAIL_FROM": "a@b.org"}

    shown = repr(read(env))

    assert [word for word in ("whisper", "hush", "k" * 40) if word in shown] == []
