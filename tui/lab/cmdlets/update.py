"""The orchestrator: action plans and the state of solution updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.lab.cmdlet import Call, Cmdlet
from tui.lab.cmdlets.act import texts
from tui.lab.site import Site
from tui.lab.site.model import ActionPlan
from tui.lab.values import EnumValue, GuidValue, PSObject, Value

STATES = ("AppliedSuccessfully", "UpdateAvailable", "UpdateInProgress", "UpdateFailed", "NeedsAttention")
"""Their numbers are not published: those here are the lab's."""


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The update cmdlets of one host."""
    return {
        "Get-ActionPlanInstance": lambda call, out: _plans(site, host, call),
        "Get-SolutionUpdateEnvironment": lambda call, out: _environment(site, host),
    }


def _plans(site: Site, host: str, call: Call) -> Iterable[Value]:
    wanted = [plan.lower() for plan in texts(call, "ActionPlanInstanceID")]
    return [_plan(plan) for plan in site.cluster_of(host).plans if not wanted or plan.id in wanted]


def _plan(plan: ActionPlan) -> PSObject:
    return PSObject(
        "ActionPlanInstance",
        {
            "InstanceID": GuidValue(plan.id),
            "ActionPlanName": plan.name,
            "ActionTypeName": plan.name.replace(" ", ""),
            "Status": plan.status,
            "StartDateTime": plan.started,
            "EndDateTime": plan.ended,
            "LastModifiedDateTime": plan.ended or plan.started,
            "RuntimeParameters": {},
            "ProgressAsXml": "",
            "AdditionalInformation": "",
            "LockType": "ExclusiveLock",
            "Retries": 0,
        },
    )


def _environment(site: Site, host: str) -> Iterable[Value]:
    cluster = site.cluster_of(host)
    return [
        PSObject(
            "Microsoft.AzureStack.Lcm.PowerShell.SolutionUpdateEnvironment",
            {
                "ResourceId": "redmond",
                "SbeFamily": "Lab",
                "HardwareModel": "Lab",
                "LastChecked": site.host_now(host),
                "PackageVersions": [],
                "CurrentVersion": "12.2610.1002.21",
                "CurrentSbeVersion": "4.2.2410.1",
                "LastUpdated": cluster.nodes[0].booted,
                "State": EnumValue("SolutionUpdateState", cluster.update_state, STATES.index(cluster.update_state)),
                "HealthState": EnumValue("HealthState", "Success", 1),
                "HealthCheckResult": [],
                "HealthCheckDate": site.host_now(host),
                "AdditionalData": None,
            },
        )
    ]
