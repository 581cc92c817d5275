"""A procedure's files, as one version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.model.people import Role

ATTACHED = "attached/"  # the folder of what is kept beside
OWN = frozenset({"roles.json", "process.txt"})  # written by Headway, of no use to whoever downloads


@dataclass(frozen=True)
class Package:
    """The files of one version. Keys of `forms` and `decisions` are what the diagram refers to.

    attached: texts and pictures kept beside them, by name. Nothing reads these; a version read to be run has none.
    """

    bpmn: bytes
    forms: Mapping[str, bytes] = field(default_factory=dict)
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    stories: bytes = b""  # YAML
    roles: Mapping[str, str] = field(
        default_factory=dict
    )  # a role as drawn (label or key) -> its key, fixed when published
    attached: Mapping[str, bytes] = field(default_factory=dict)
    process: str = ""  # the id of the one that is run, fixed when published; empty: there is one

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """sha256 over every file under its name, hex."""
        found = hashlib.sha256()
        for name, data in sorted(self.files().items()):
            found.update(f"{name}\0{len(data)}\0".encode())
            found.update(data)
        return found.hexdigest()

    def files(self) -> dict[str, bytes]:
        """Every file by its name inside the version."""
        found = {"procedure.bpmn": self.bpmn}
        found.update({f"forms/{key}.form": data for key, data in self.forms.items()})
        found.update({f"decisions/{key}.dmn": data for key, data in self.decisions.items()})
        found.update({f"{ATTACHED}{name}": data for name, data in self.attached.items()})
        if self.stories:
            found["stories.yaml"] = self.stories
        if self.roles:
            found["roles.json"] = json.dumps(dict(self.roles), sort_keys=True).encode()
        if self.process:
            found["process.txt"] = self.process.encode()
        return found

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Package:
        """The inverse of files()."""
        return cls(
            files["procedure.bpmn"],
            {name[6:-5]: data for name, data in files.items() if name.startswith("forms/")},
            {name[10:-4]: data for name, data in files.items() if name.startswith("decisions/")},
            files.get("stories.yaml", b""),
            json.loads(files.get("roles.json", b"{}")),
            {name[len(ATTACHED) :]: data for name, data in files.items() if name.startswith(ATTACHED)},
            files.get("process.txt", b"").decode(),
        )

    def role(self, drawn: str) -> str:
        """The key of a role as drawn."""
        return self.roles.get(drawn, drawn)

    def roles_as_drawn(self, roles: Mapping[str, Role]) -> dict[str, Role]:
        """The trust's roles by key, and by what the diagram calls them, whatever they are called since."""
        return {**roles, **{name: roles[key] for name, key in self.roles.items() if key in roles}}
