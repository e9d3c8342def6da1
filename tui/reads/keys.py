"""Keys in a vault, and a key in a file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tui.core.action import PowerShell, Reply
from tui.reads.asking import ask
from tui.remote.powershell import listing, render, rows


@dataclass(frozen=True, slots=True)
class Key:
    """A key as a vault lists it. Whether it is the right one cannot be read."""

    name: str
    kind: str
    size: str

    @property
    def text(self) -> str:
        """`AES 256`."""
        return f"{self.kind} {self.size}"


def vault_keys(host: str) -> PowerShell:
    """All keys in the vault of this host's cluster. Get-MocKey gives one array object, so it is unrolled first."""
    return ask(
        host,
        render(
            listing(
                "Get-MocKey -group AzureStackHostAttestation -keyvaultName AzureStackTvmKeyVault | ForEach-Object {$_}"
                " | Select-Object Name,@{n='kty';e={[string]$_.properties.kty}},"
                "@{n='size';e={[string]$_.properties.key_size}}"
            )
        ),
    )


def keys_of(reply: Reply) -> tuple[Key, ...]:
    """What `vault_keys` brought."""
    return tuple(Key(row.text("Name"), row.text("kty"), row.text("size")) for row in rows(reply))


def key_named(name: str, reply: Reply) -> Key | None:
    """The key of this name, without regard to case."""
    return next((key for key in keys_of(reply) if key.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an exported key file shows of itself. Names beyond these three are not known to anybody but Microsoft."""

    problem: str
    wrapped_by: str


def sealed(data: bytes) -> Sealed:
    """Reads an export. `problem` says what is wrong with it; an unknown shape is no problem, only less known."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError):
        return Sealed("it is not whole: no JSON", "")
    if not isinstance(content, dict) or not content:
        return Sealed("it is not whole: no JSON object", "")
    info = content.get("private-key-wrapping-info")
    name = info.get("key-name", "") if isinstance(info, dict) else ""
    if "private-key" in content and not content["private-key"]:
        return Sealed("it holds no key", str(name))
    return Sealed("", str(name))
