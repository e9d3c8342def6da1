"""The files by which a lab is found: `lab.json` and `ca.pem` in its folder, and the ready file for other clients."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tui.core.errors import BadInput
from tui.core.scenario import Group

NAME = "lab.json"
CA = "ca.pem"
"""The certificate of the lab's CA (PEM); it is public, and another one after each start."""
ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    """A cluster: the names of its nodes, and whether it keeps backups of keys."""

    name: str
    nodes: tuple[str, ...]
    backup_vault: bool


@dataclass(frozen=True, slots=True)
class LabFile:
    """What `lab.json` says. `pid` 0: the lab has ended, and only what names its drill is left."""

    drill: str
    seed: int
    pid: int = 0
    control: int = 0
    """Port of the control channel."""
    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    hosts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Host → well-known port → where it is on loopback."""
    clusters: tuple[ClusterEntry, ...] = ()
    groups: tuple[Group, ...] = ()
    """The order in which the VMs come back."""
    clock: Mapping[str, float] = field(default_factory=dict)
    """`wall`, `sim` (epoch seconds) and `speed` when the file was written."""
    https: bool = False
    """Whether its drill is played over HTTPS; the lab serves both."""

    def write(self, folder: Path) -> None:
        """Put it into the lab's folder, whole, for its owner only."""
        hosts = {name: {"url": url(ports["5985"]), "ports": dict(ports)} for name, ports in self.hosts.items()}
        data = {**asdict(self), "hosts": hosts, "control": f"http://{ADDRESS}:{self.control}"}
        write_private(folder / NAME, data)

    def write_ready(self, path: Path, ca: Path) -> None:
        """What other WinRM clients need: hosts with both URLs and their other ports, the CA's file, user, password."""
        hosts = {
            name: {
                "url": url(ports["5985"]),
                "https_url": f"https://{ADDRESS}:{ports['5986']}/wsman",
                "ports": {port: real for port, real in ports.items() if port not in ("5985", "5986")},
            }
            for name, ports in self.hosts.items()
        }
        write_private(path, {"hosts": hosts, "ca": str(ca.absolute()), "user": self.user, "password": self.password})


def read_lab_file(folder: Path) -> LabFile:
    """The lab of a folder. Raises BadInput where the folder is no lab, or names another address than loopback."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        ports = {name: _ports(name, host) for name, host in data["hosts"].items()}
        clusters = tuple(ClusterEntry(c["name"], tuple(c["nodes"]), c["backup_vault"]) for c in data["clusters"])
        groups = tuple(Group(g["name"], tuple(g["vms"])) for g in data["groups"])
        return LabFile(
            data["drill"], data["seed"], data["pid"], _port(data["control"], "the control channel"), data["token"],
            data["user"], data["password"], ports, clusters, groups, data["clock"], data["https"],
        )  # fmt: skip
    except OSError as error:
        raise BadInput(f"{folder} is no lab: {error.strerror}.", "", "Start a new drill.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{folder / NAME} is not what a lab wrote ({error}).", "", "Start a new drill.") from error


def url(port: int) -> str:
    """Where WinRM is over HTTP."""
    return f"http://{ADDRESS}:{port}/wsman"


def write_private(path: Path, data: object) -> None:
    """JSON that only its owner can read (mode 600), there whole or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(data, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    os.replace(new, path)


def _ports(name: str, host: Mapping[str, object]) -> dict[str, int]:
    _port(str(host["url"]), name)
    ports = host["ports"]
    assert isinstance(ports, dict)
    return {str(port): int(real) for port, real in ports.items()}


def _port(address: str, what: str) -> int:
    """The port of `http://127.0.0.1:PORT/...`; a drill goes nowhere else."""
    prefix = f"http://{ADDRESS}:"
    port = address.removeprefix(prefix).partition("/")[0]
    if not address.startswith(prefix) or not port.isdecimal():
        raise BadInput(f"{what} is not on loopback: {address}", "A drill reaches nothing but this computer.")
    return int(port)
