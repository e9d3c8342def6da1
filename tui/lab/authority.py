"""The lab's certificate authority: made at each start, it signs one certificate for each host.

Its key never leaves the memory. A host's key lies in a file (mode 600, in the lab's private temporary folder) only
while `ssl` reads it, which takes keys from files alone.
"""

from __future__ import annotations

import hashlib
import ssl

import trustme

from tui.lab.labfile import ADDRESS
from tui.lab.wsman.tls import Tls


class Authority:
    """Signs for as long as it lives. A client trusts it by `certificate`, which is public."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="azl-recover lab", organization_unit_name="Made at this lab's start")

    @property
    def certificate(self) -> str:
        """Its own certificate, as PEM."""
        return self._ca.cert_pem.bytes().decode("ascii")

    def host(self, name: str) -> Tls:
        """What a host shows: a certificate for its name, and for the loopback address where the lab has it."""
        signed = self._ca.issue_cert(name, ADDRESS, organization_name="azl-recover lab", organization_unit_name=name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        signed.configure_cert(context)
        shown = ssl.PEM_cert_to_DER_cert(signed.cert_chain_pems[0].bytes().decode("ascii"))
        return Tls(context, hashlib.sha256(shown).digest())
