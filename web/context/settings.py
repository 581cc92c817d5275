"""What the environment says, read once and loudly. Nothing else in Headway reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MEGABYTE = 1024 * 1024
LEAST_KEY = 32  # characters of SECRET_KEY


@dataclass(frozen=True)
class Settings:
    """How this process was asked to run."""

    database_url: str = field(repr=False)  # may carry a password, as do the two other hidden ones
    var_dir: Path  # where a computer on its own keeps its things
    files_dir: Path  # evidence; with several machines a folder that all of them see
    secret_key: str = field(repr=False)
    public_url: str  # what people type, without a slash at the end
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = 1
    allowed_hosts: frozenset[str] = frozenset()
    trusted_proxies: int = 0
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "Headway <headway@localhost>"
    demo: bool = False
    idle: timedelta = timedelta(hours=2)  # signed out after so long without a page
    longest: timedelta = timedelta(hours=12)  # signed out after so long whatever they do
    upload_bytes: int = 20 * MEGABYTE

    @property
    def embedded(self) -> bool:
        """One process on SQLite, nothing else to run."""
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        """Whether people reach Headway over https."""
        return self.public_url.startswith("https://")

    @property
    def mail_dir(self) -> Path:
        """Where mail is put while no SMTP server is named."""
        return self.var_dir / "mail"


class _Environment:
    """Reads values and remembers what is wrong with them, so that everything is said at once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._env.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self.faults.append(f"{name} must be a whole number from {least} to {most}, not “{text}”.")
        return default

    def yes(self, name: str) -> bool:
        text = self.text(name, "no").lower()
        if text not in {"1", "yes", "true", "0", "no", "false"}:
            self.faults.append(f"{name} must be yes or no, not “{text}”.")
        return text in {"1", "yes", "true"}

    def missing(self, name: str, why: str) -> str:
        self.faults.append(f"Set {name}: {why}")
        return ""


def read(env: Mapping[str, str] | None = None, *, serving: bool = True) -> Settings:
    """Read the environment. Ends the program with every fault at once.

    serving: whether secrets and files are needed as well as the database (all verbs but `migrate` and `check`).
    """
    source = _Environment(os.environ if env is None else env)
    var_dir = Path(source.text("VAR_DIR", "var")).absolute()
    database_url = _database_url(source, var_dir)
    embedded = database_url.startswith("sqlite")
    host, port = source.text("HOST", "127.0.0.1"), source.number("PORT", 8000, 1, 65535)
    public_url = _public_url(source, host, port)
    settings = Settings(
        database_url=database_url,
        var_dir=var_dir,
        files_dir=_files_dir(source, var_dir, needed=serving and not embedded),
        secret_key=_secret_key(source, var_dir, embedded, serving),
        public_url=public_url,
        host=host,
        port=port,
        threads=source.number("THREADS", 8, 1, 64),
        workers=source.number("WORKERS", os.cpu_count() or 1, 1, 64),
        allowed_hosts=_allowed_hosts(source, public_url),
        trusted_proxies=source.number("TRUSTED_PROXIES", 0, 0, 8),
        smtp_url=_smtp_url(source),
        mail_from=_mail_from(source, public_url),
        demo=source.yes("DEMO"),
        idle=timedelta(minutes=source.number("IDLE_MINUTES", 120, 5, 24 * 60)),
        longest=timedelta(hours=source.number("SIGNED_IN_HOURS", 12, 1, 24 * 7)),
        upload_bytes=source.number("UPLOAD_MB", 20, 1, 200) * MEGABYTE,
    )
    if source.faults:
        raise SystemExit("Headway cannot run with these settings:\n" + "\n".join(f"- {f}" for f in source.faults))
    return settings


def _database_url(source: _Environment, var_dir: Path) -> str:
    url = source.text("DATABASE_URL", f"sqlite:///{var_dir / 'headway.db'}")
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme not in {"sqlite", "sqlite+pysqlite"} or rest in {"", "/", "/:memory:"}:
        source.faults.append(
            "DATABASE_URL must begin with sqlite:/// and name a file, or with postgresql:// and name a server."
        )
    return url


def _files_dir(source: _Environment, var_dir: Path, needed: bool) -> Path:
    given = source.text("FILES_DIR")
    if needed and not given:
        source.missing("FILES_DIR", "a folder for evidence that every machine of this trust shares.")
    return Path(given).absolute() if given else var_dir / "files"


def _public_url(source: _Environment, host: str, port: int) -> str:
    given = source.text("PUBLIC_URL").rstrip("/")
    if not given:
        if host not in LOOPBACK:
            return source.missing("PUBLIC_URL", "the address people open, such as https://headway.example.org")
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        source.faults.append("PUBLIC_URL must be an address such as https://headway.example.org, without a path.")
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        source.faults.append("PUBLIC_URL must begin with https:// unless it names this computer itself.")
    return given


def _allowed_hosts(source: _Environment, public_url: str) -> frozenset[str]:
    """Host names, without ports, that requests may come in under."""
    named = urlsplit(public_url).hostname or ""
    more = {name.strip().lower() for name in source.text("ALLOWED_HOSTS").split(",") if name.strip()}
    return frozenset({named, *more} | (LOOPBACK if named in LOOPBACK else set()))


def _secret_key(source: _Environment, var_dir: Path, embedded: bool, serving: bool) -> str:
    key = source.text("SECRET_KEY")
    if key and len(key) < LEAST_KEY:
        source.faults.append(f"SECRET_KEY must be at least {LEAST_KEY} characters long, and random.")
    if key or not serving:
        return key
    if embedded:
        return _kept_key(var_dir / "secret.key")
    return source.missing("SECRET_KEY", f"at least {LEAST_KEY} random characters, the same on every machine.")


def _kept_key(path: Path) -> str:
    """The key in the file, made on the first run. Only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ours = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(ours, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(ours, path)  # whoever is first wins, and nobody ever reads half a key
    except FileExistsError:
        pass
    finally:
        ours.unlink()
    return path.read_text("ascii").strip()


def _smtp_url(source: _Environment) -> str | None:
    given = source.text("SMTP_URL")
    if given and (urlsplit(given).scheme not in {"smtp", "smtps"} or not urlsplit(given).hostname):
        source.faults.append("SMTP_URL must be like smtp://user:password@mail.example.org:587 or begin with smtps://")
    return given or None


def _mail_from(source: _Environment, public_url: str) -> str:
    given = source.text("MAIL_FROM")
    if given and "@" not in parseaddr(given)[1]:
        source.faults.append("MAIL_FROM must be an email address, such as Headway <headway@example.org>.")
    if source.text("SMTP_URL") and not given:
        source.missing("MAIL_FROM", "the address that mail comes from, such as Headway <headway@example.org>")
    return given or f"Headway <headway@{urlsplit(public_url).hostname or 'localhost'}>"
