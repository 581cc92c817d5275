"""The trust a request or a tick serves: its database, its files, its settings. Nothing of a trust is module-global."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import NotFound
from storage.database import Database
from storage.files.files import Files
from web.context.settings import Settings


@dataclass(frozen=True)
class OpenTrust:
    """Everything that work for one trust may touch."""

    settings: Settings
    database: Database
    files: Files


@dataclass(frozen=True)
class Trusts:
    """The trusts this process serves: one by default, others by the host names people reach them under."""

    default: OpenTrust
    by_host: Mapping[str, OpenTrust] = field(default_factory=dict)

    def choose(self, host: str) -> OpenTrust:
        """The trust of a host name (a port is ignored). Raises NotFound for a name that is nobody's."""
        name = host_name(host)
        if name in self.by_host:
            return self.by_host[name]
        if name in self.default.settings.allowed_hosts:
            return self.default
        raise NotFound("Headway does not answer under this address. Check it, or ask whoever gave it to you.")

    def __iter__(self) -> Iterator[OpenTrust]:
        """Each once, for the clock."""
        return iter((self.default, *(trust for trust in self.by_host.values() if trust is not self.default)))

    def close(self) -> None:
        """Let go of every connection."""
        for trust in self:
            trust.database.close()


def host_name(host: str) -> str:
    """The name in a Host header, lower case, without port and brackets."""
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def open_trust(settings: Settings) -> OpenTrust:
    """Connect to what the settings name. The folders of an embedded trust are made when they are missing."""
    if settings.embedded:
        settings.var_dir.mkdir(parents=True, exist_ok=True)
        settings.files_dir.mkdir(parents=True, exist_ok=True)
    return OpenTrust(settings, Database(settings.database_url), Files(settings.files_dir))
