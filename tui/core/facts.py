"""What a run has learned so far, and how a text shows what it does not know yet.

The only way one step tells another something. In a preview an unknown name becomes an `Unknown`, which every text
shows as `<VM ID>`, as Microsoft's pages do; where something is about to be sent it is an error instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.core.events import Outcome


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that a later step will learn; shown as `<label>`."""

    label: str

    def __str__(self) -> str:
        return f"<{self.label}>"


class NotLearned(LookupError):
    """A step needs a value that no step has learned, for one before it was skipped or taken on somebody's word."""


Fact = str | Unknown

LABELS: Mapping[str, str] = {
    "source": "original cluster", "target": "target cluster", "keys": "key backup host", "vm": "VM", "vm_id": "VM ID",
    "owner": "owner node", "location": "VM folder", "memory": "VM memory in bytes", "group": "group of the VM",
    "autostart": "value before", "target_key": "key on the target", "run": "run name", "machine": "machine",
    "holder": "this computer", "epoch": "epoch",
}  # fmt: skip
"""What people call a fact that a person can give; a placeholder shows it."""
AT = "@"


def scoped(name: str, lane: str) -> str:
    """A step's id or a fact's name as one lane's own: `import-key@SRV-DB01`; as it is where no lane owns it."""
    return f"{name}{AT}{lane}" if lane else name


def split(name: str) -> tuple[str, str]:
    """The name within its lane, and the lane; the lane is empty for what all share. Local names hold no `@`."""
    local, _, lane = name.partition(AT)
    return local, lane


@dataclass(frozen=True, slots=True)
class Facts:
    """Learned values by name. `preview` says whether unknown ones may be shown instead of raised."""

    values: Mapping[str, str] = field(default_factory=dict)
    preview: bool = False

    def get(self, name: str, label: str = "") -> Fact:
        """The value; in a preview `<label>` where it is not known. Raises NotLearned otherwise."""
        if name in self.values:
            return self.values[name]
        if self.preview:
            return Unknown(label or LABELS.get(name) or name.replace("_", " "))
        raise NotLearned(f"it needs {name.replace('_', ' ')}, which no step has learned")

    def known(self, name: str) -> str | None:
        """The value, or None."""
        return self.values.get(name)

    def outcome(self, step_id: str) -> Outcome | None:
        """How that step ended, or None while it has not."""
        ended = self.values.get(f"outcome:{step_id}")
        return Outcome(ended) if ended is not None else None

    def plus(self, learned: Mapping[str, str]) -> Facts:
        """These facts and newer ones."""
        return Facts({**self.values, **learned}, self.preview)
