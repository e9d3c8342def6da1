"""The vault: Get-, New-, Export-, Import-, Remove-MocKey, Get-MocKeyPublicKey, Get-MocConfig, Get-MocNode.

New-, Export-, Import-, Remove-MocKey and Get-MocKeyPublicKey write nothing to the output, and their errors stop the
script: nobody has published either (assumptions). The names in the objects: microsoft/moc-sdk-for-go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tui.lab.cmdlet import Call, Cmdlet, CmdletError, Streams
from tui.lab.cmdlets.act import error
from tui.lab.faults import UNCLASSIFIED
from tui.lab.site import Site
from tui.lab.site.files import FileFault, Files
from tui.lab.site.keys import public_pem
from tui.lab.site.model import VAULT, Key, Node
from tui.lab.site.vault import MocError, MocVault, check_service, file_text
from tui.lab.values import PSObject, Value

HEALTH = "currentState:OK previousState:NOTKNOWN"
LOCATION = "MocLocation"


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The MOC cmdlets of one host."""

    def vault(call: Call) -> MocVault:
        return MocVault(site, host, call.text("group"), call.text("keyvaultName"))

    return {
        "Get-MocKey": _moc(lambda call: _get(vault(call), call)),
        "New-MocKey": _moc(lambda call: _new(vault(call), call)),
        "Get-MocKeyPublicKey": _moc(lambda call: _public(vault(call), Files(site, host), call)),
        "Export-MocKey": _moc(lambda call: _export(vault(call), call)),
        "Import-MocKey": _moc(lambda call: _import(vault(call), call)),
        "Remove-MocKey": _moc(lambda call: _remove(vault(call), call)),
        "Get-MocConfig": _moc(lambda call: _config(site, host)),
        "Get-MocNode": _moc(lambda call: _nodes(site, host)),
    }


def _moc(body: Callable[[Call], Iterable[Value]]) -> Cmdlet:
    def run(call: Call, streams: Streams) -> Iterable[Value]:
        try:
            return list(body(call))
        except MocError as refused:
            raise CmdletError(error(UNCLASSIFIED, "NotSpecified", str(refused))) from refused

    return run


def _get(vault: MocVault, call: Call) -> Iterable[Value]:
    """One array, also where it is empty (a named key that is missing is an error)."""
    if call.text("name"):
        return [[_object(vault.get(call.text("name")))]]
    return [[_object(key) for key in vault.every()]]


def _object(key: Key) -> PSObject:
    state = "IMPORTED" if key.made_by == "Import-MocKey" else "PROVISIONED"
    statuses = PSObject(
        "System.Management.Automation.PSCustomObject",
        {
            "ProvisionState": f"currentState:{state} previousState:PROVISIONING",
            "HealthState": HEALTH,
            "Error": "",
            "Version": "1",
        },
    )
    properties = PSObject(
        "System.Management.Automation.PSCustomObject",
        {
            "kty": key.kty,
            "key_size": key.size,
            "key_ops": ["wrapKey", "unwrapKey"],
            "keyRotationFrequencyInSeconds": 0,
            "statuses": statuses,
        },
    )
    return PSObject(
        "System.Management.Automation.PSCustomObject",
        {
            "name": key.name,
            "id": f"/security/keyvaults/{VAULT}/keys/{key.name}",
            "type": "",
            "location": LOCATION,
            "version": "1",
            "keyVersion": "1",
            "keyAge": 0,
            "tags": None,
            "value": public_pem(key.material).decode("ascii") if key.kty == "RSA" else "",
            "properties": properties,
        },
    )


def _new(vault: MocVault, call: Call) -> Iterable[Value]:
    kty = call.text("type", "RSA").upper()
    vault.new(call.text("name"), kty, int(call.text("size", "256" if kty == "AES" else "2048")))
    return []


def _public(vault: MocVault, files: Files, call: Call) -> Iterable[Value]:
    pem = vault.public_key(call.text("name"))
    if not call.text("outputFile"):
        return [pem.decode("ascii")]
    try:
        files.write(call.text("outputFile"), pem)
    except FileFault as fault:
        raise MocError(file_text(fault)) from fault
    return []


def _export(vault: MocVault, call: Call) -> Iterable[Value]:
    key = vault.get(call.text("name"))
    if "size" in call.parameters and int(call.text("size")) != key.size:
        raise MocError(f"Key [{key.name}]: size [{call.text('size')}] does not fit the key: Invalid Input")
    vault.export(key.name, call.text("wrappingPubKeyFile"), call.text("wrappingKeyName"), call.text("outFile"))
    return []


def _import(vault: MocVault, call: Call) -> Iterable[Value]:
    vault.load(
        call.text("name"),
        call.text("type", "AES").upper(),
        int(call.text("size", "256")),
        call.text("importKeyFile"),
        call.text("wrappingKeyName"),
    )
    return []


def _remove(vault: MocVault, call: Call) -> Iterable[Value]:
    vault.remove(call.text("name"))
    return []


def _config(site: Site, host: str) -> Iterable[Value]:
    """Read from the node's registry: it answers without the cloud agent."""
    cluster = site.cluster_of(host)
    root = "C:\\ClusterStorage\\Infrastructure_1\\Shares\\SU1_Infrastructure_1\\MocArb"
    return [
        PSObject(
            "System.Collections.Hashtable",
            {
                "cloudLocation": LOCATION,
                "cloudFqdn": f"{cluster.name.lower()}-ca.azl.example",
                "mocLoginYAML": f"{root}\\WorkingDirectory\\mocLogin.yaml",
                "sshPrivateKey": f"{root}\\ssh\\akshci_rsa",
                "version": cluster.moc_version,
                "moduleVersion": cluster.moc_module,
                "workingDir": root,
                "installState": "Installed",
            },
        )
    ]


def _nodes(site: Site, host: str) -> Iterable[Value]:
    check_service(site, host)
    return [[_node_object(node) for node in site.cluster_of(host).nodes]]


def _node_object(node: Node) -> PSObject:
    agent = any(s.name.lower() == "mochostagent" and s.status == "Running" for s in node.services)
    active = node.alive and agent
    statuses = PSObject(
        "System.Management.Automation.PSCustomObject",
        {
            "ProvisionState": "currentState:PROVISIONED previousState:PROVISIONING",
            "HealthState": HEALTH if active else "currentState:MISSING previousState:OK",
            "RunningState": "Active" if active else "Inactive",
            "Info": "",
        },
    )
    properties = PSObject(
        "System.Management.Automation.PSCustomObject",
        {
            "fqdn": f"{node.name.lower()}.azl.example",
            "port": 45000,
            "authorizerPort": 45001,
            "certificate": "",
            "statuses": statuses,
        },
    )
    return PSObject(
        "System.Management.Automation.PSCustomObject",
        {
            "name": node.name,
            "id": f"/cloud/nodes/{node.name}",
            "location": LOCATION,
            "version": "1",
            "tags": PSObject("System.Management.Automation.PSCustomObject", {"osVersion": "10.0.26100"}),
            "properties": properties,
        },
    )
