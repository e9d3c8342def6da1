"""Read-only questions to a host and what their answers mean, as types. Every script here only reads.

Texts of enums are taken with `[string]`, dates as `'o'`, lists as one JSON text; what a cmdlet leaves out stays empty.
"""

from tui.reads.asking import ask, host_time, port_from, truth_of
from tui.reads.cluster import (
    cluster_vm,
    cluster_vms,
    groups,
    moc_versions,
    nodes,
    quorum,
    services,
    storage_jobs,
    update_state,
    volumes,
)
from tui.reads.files import bytes_or_absent, exists, file_or_absent, files_under, sha256
from tui.reads.keys import Key, Sealed, key_named, keys_of, sealed, vault_keys
from tui.reads.vms import (
    Vm,
    checkpoints,
    disks,
    errors_in,
    errors_since,
    found,
    hyperv_records,
    trusted_launch,
    vms,
    vms_of,
)

__all__ = [
    "Key",
    "Sealed",
    "Vm",
    "ask",
    "bytes_or_absent",
    "checkpoints",
    "cluster_vm",
    "cluster_vms",
    "disks",
    "errors_in",
    "errors_since",
    "exists",
    "file_or_absent",
    "files_under",
    "found",
    "groups",
    "host_time",
    "hyperv_records",
    "key_named",
    "keys_of",
    "moc_versions",
    "nodes",
    "port_from",
    "quorum",
    "sealed",
    "services",
    "sha256",
    "storage_jobs",
    "trusted_launch",
    "truth_of",
    "update_state",
    "vault_keys",
    "vms",
    "vms_of",
    "volumes",
]
