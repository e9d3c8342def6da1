"""The rules of a cluster's key vault, as Microsoft Learn, "Manual backup and recovery of guest state protection
keys for Trusted launch VMs", and Microsoft's script TvmBackupUtils.psm1 use it.

What the MOC cmdlets say when they fail is not documented; the texts here follow microsoft/moc pkg/errors.
"""

from __future__ import annotations

from tui.lab.site.files import FileFault, Files
from tui.lab.site.keys import BadKeyFile, fingerprint, private_of, public_of, public_pem, read_key_file, seal
from tui.lab.site.model import GROUP, VAULT, Key
from tui.lab.site.site import Site

SIZES = {"AES": (256,), "RSA": (2048, 3072, 4096)}


class MocError(Exception):
    """MOC refuses: the text."""


class MocVault:
    """The vault as one host reaches it. Call it under the site's lock; change under `site.change()`."""

    def __init__(self, site: Site, host: str, group: str, vault: str) -> None:
        self._site = site
        self._host = host
        self._cluster = site.cluster_of(host)
        self._check_service()
        if group.lower() != GROUP.lower():
            raise MocError(f"Group [{group}]: Not Found")
        if vault.lower() != VAULT.lower():
            raise MocError(f"Keyvault [{vault}]: Not Found")

    def _check_service(self) -> None:
        check_service(self._site, self._host)

    def every(self) -> list[Key]:
        """All keys by name."""
        return sorted(self._cluster.keys, key=lambda key: key.name.lower())

    def find(self, name: str) -> Key | None:
        """A key by name, without case."""
        return next((key for key in self._cluster.keys if key.name.lower() == name.lower()), None)

    def get(self, name: str) -> Key:
        """A key by name. Raises MocError."""
        key = self.find(name)
        if key is None:
            raise MocError(f"Keykey [{name}] not found: Not Found")
        return key

    def new(self, name: str, kty: str, size: int) -> Key:
        """Make a key."""
        self._check_new(name, kty, size)
        material = self._site.keys.rsa(size) if kty == "RSA" else self._site.keys.aes(size)
        return self._add(name, kty, size, material, "New-MocKey")

    def public_key(self, name: str) -> bytes:
        """The public half of an RSA key, PEM."""
        key = self.get(name)
        if key.kty != "RSA":
            raise MocError(f"Key [{name}] has no public key: Invalid Input")
        return public_pem(key.material)

    def export(self, name: str, pem_file: str, key_name: str, out_file: str) -> None:
        """Seal a key with a public key and write it. An existing file is replaced (assumption: not documented)."""
        files = Files(self._site, self._host)
        key = self.get(name)
        try:
            files.write(out_file, seal(key.kty, key.material, public_of(files.read(pem_file)), key_name))
        except FileFault as fault:
            raise MocError(file_text(fault)) from fault
        except BadKeyFile as error:
            raise MocError(f"Key [{name}]: wrapping public key file {pem_file}: {error}: Invalid Input") from error

    def load(self, name: str, kty: str, size: int, file: str, wrapping: str) -> Key:
        """Import a key from a file: `wrapping` or else the file's key-name is the key of this vault that opens it."""
        self._check_new(name, kty, size)
        try:
            sealed = read_key_file(Files(self._site, self._host).read(file))
            opener = self.get(wrapping or sealed.key_name).material if sealed.wrapped else None
            material = sealed.open(opener)
        except FileFault as fault:
            raise MocError(file_text(fault)) from fault
        except BadKeyFile as error:
            raise MocError(f"Key [{name}]: import of {file}: {error}: Invalid Input") from error
        self._check_material(name, kty, size, material)
        return self._add(name, kty, size, material, "Import-MocKey")

    def remove(self, name: str) -> None:
        """Remove a key: it is gone."""
        if self.find(name) is None:
            raise MocError(f"Keykey [{name}] not found (delete): Not Found")
        self._cluster.keys.remove(self.get(name))

    def _check_new(self, name: str, kty: str, size: int) -> None:
        if self.find(name) is not None:
            raise MocError(f"Key [{name}] in keyvault [{VAULT}]: Already Exists")
        if size not in SIZES.get(kty, ()):
            raise MocError(f"Key [{name}]: type [{kty}] size [{size}]: Invalid Input")

    def _check_material(self, name: str, kty: str, size: int, material: bytes) -> None:
        bits = 8 * len(material)
        if kty == "RSA":
            try:
                bits = private_of(material).key_size
            except BadKeyFile as error:
                raise MocError(f"Key [{name}]: {error}: Invalid Input") from error
        if bits != size:
            raise MocError(f"Key [{name}]: size [{size}] does not fit the key: Invalid Input")

    def _add(self, name: str, kty: str, size: int, material: bytes, made_by: str) -> Key:
        key = Key(name, kty, size, material, self._site.host_now(self._host), made_by)
        self._cluster.keys.append(key)
        return key


def check_service(site: Site, host: str) -> None:
    """Raises MocError where MOC does not answer: its cluster group or the host's agent is down."""
    cluster = site.cluster_of(host)
    agent = next((s for s in site.node(host).services if s.name.lower() == "mochostagent"), None)
    group = next((g for g in cluster.groups if g.name.startswith("ca-")), None)
    if agent is None or agent.status != "Running" or group is None or group.state != "Online":
        raise MocError(unavailable(cluster.agent_address))


def unavailable(address: str) -> str:
    """What gRPC says when the cloud agent does not answer (port 55000: Azure/AzureLocal-Supportability)."""
    return (
        "rpc error: code = Unavailable desc = connection error: desc = "
        f'"transport: Error while dialing: dial tcp {address}:55000: i/o timeout"'
    )


def file_text(fault: FileFault) -> str:
    """What a Go program says of a file."""
    texts = {
        "full": "There is not enough space on the disk.",
        "folder-missing": "The system cannot find the path specified.",
    }
    return f"open {fault.path}: {texts.get(fault.kind, 'The system cannot find the file specified.')}"


def holds(site: Site, cluster: str, name: str, sealed_by: str) -> str:
    """Whether a cluster's vault has a key of this name: "right", "wrong" or "none"."""
    key = next((k for k in site.cluster(cluster).keys if k.name.lower() == name.lower()), None)
    if key is None:
        return "none"
    return "right" if fingerprint(key.material) == sealed_by else "wrong"
