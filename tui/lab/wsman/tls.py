"""TLS of one host: the context that shows its certificate, and what binds a login to it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from spnego.channel_bindings import GssChannelBindings


@dataclass(frozen=True, slots=True)
class Tls:
    """What a host needs to listen over TLS."""

    context: ssl.SSLContext
    digest: bytes
    """SHA-256 of the certificate (DER), which must be signed with SHA-256 too (RFC 5929, 4.1)."""

    @property
    def binding(self) -> GssChannelBindings:
        """What a login through this TLS carries, if it carries a binding: RFC 5929's tls-server-end-point."""
        return GssChannelBindings(application_data=b"tls-server-end-point:" + self.digest)
