"""Key material and the sealing of one key with another, for real: a cut or altered file must not open.

The file that Export-MocKey writes has the names of `KeyImportExportValue` in microsoft/moc-sdk-for-go and, like the
import file of Azure-Samples/AzureLocal TvmBackupUtils.psm1, DER bodies as base64url with padding. Its
`CKM_RSA_AES_KEY_WRAP` is that of PKCS #11: RSA-OAEP of a fresh AES key, then AES key wrap with padding (RFC 5649).
The hash of OAEP (SHA-256) is an assumption; nothing outside the lab reads the sealed bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

WRAPPED = "CKM_RSA_AES_KEY_WRAP"
PLAIN = "NO_KEY_WRAP"
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class BadKeyFile(Exception):
    """The bytes are not a key, or not sealed with the key that was tried."""


class KeyMaker(Protocol):
    """Makes key material: an RSA pair as PKCS8 PEM, or the bytes of an AES key. Sizes in bits."""

    def rsa(self, size: int) -> bytes: ...
    def aes(self, size: int) -> bytes: ...


class RealKeys:
    """Fresh keys from the system's random source."""

    def rsa(self, size: int) -> bytes:
        """A new RSA pair as PKCS8 PEM."""
        return pem_of(rsa.generate_private_key(public_exponent=65537, key_size=size))

    def aes(self, size: int) -> bytes:
        """New random bytes."""
        return os.urandom(size // 8)


def pem_of(pair: rsa.RSAPrivateKey) -> bytes:
    """A pair as PKCS8 PEM."""
    return pair.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def fingerprint(material: bytes) -> str:
    """SHA-256 of key material, hex."""
    return hashlib.sha256(material).hexdigest()


@lru_cache(maxsize=64)
def private_of(material: bytes) -> rsa.RSAPrivateKey:
    """The RSA pair in PEM or DER. Raises BadKeyFile."""
    try:
        load = (
            serialization.load_pem_private_key if material.startswith(b"-----") else serialization.load_der_private_key
        )
        pair = load(material, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKeyFile("not an RSA key") from error
    if not isinstance(pair, rsa.RSAPrivateKey):
        raise BadKeyFile("not an RSA key")
    return pair


def public_pem(material: bytes) -> bytes:
    """`-----BEGIN RSA PUBLIC KEY-----` of an RSA pair."""
    return private_of(material).public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)


def public_of(pem: bytes) -> rsa.RSAPublicKey:
    """The RSA public key of a PEM file. Raises BadKeyFile."""
    try:
        key = serialization.load_pem_public_key(pem.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKeyFile("not a PEM public key") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadKeyFile("not an RSA public key")
    return key


def seal(kty: str, material: bytes, public: rsa.RSAPublicKey, key_name: str) -> bytes:
    """The JSON that Export-MocKey writes."""
    once = os.urandom(32)
    body = (
        private_of(material).private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        if kty == "RSA"
        else material
    )
    sealed = public.encrypt(once, _OAEP) + keywrap.aes_key_wrap_with_padding(once, body)
    return json.dumps(
        {
            "public-key": _text(_der(private_of(material).public_key())) if kty == "RSA" else "",
            "private-key": _text(sealed),
            "private-key-wrapping-info": {"key-name": key_name, "public-key": _text(_der(public)), "enc": WRAPPED},
        },
        separators=(",", ":"),
    ).encode("ascii")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What an import file says."""

    private: bytes
    wrapped: bool
    key_name: str

    def open(self, wrapping: bytes | None) -> bytes:
        """The key's bytes, opened with the wrapping pair. Raises BadKeyFile."""
        if not self.wrapped:
            return self.private
        pair = private_of(wrapping or b"")
        cut = pair.key_size // 8
        try:
            once = pair.decrypt(self.private[:cut], _OAEP)
            return keywrap.aes_key_unwrap_with_padding(once, self.private[cut:])
        except (ValueError, keywrap.InvalidUnwrap) as error:
            raise BadKeyFile("not sealed with this key") from error


def read_key_file(data: bytes) -> KeyFile:
    """Read the JSON of an export or of a plain import. Raises BadKeyFile."""
    try:
        value = json.loads(data)
        info = value["private-key-wrapping-info"]
        private = base64.b64decode(str(value["private-key"]).encode("ascii"), altchars=b"-_", validate=True)
        how, name = str(info["enc"]), str(info.get("key-name", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadKeyFile("not a key import file") from error
    if how not in (WRAPPED, PLAIN):
        raise BadKeyFile(f"unknown key wrapping algorithm {how}")
    return KeyFile(private, how == WRAPPED, name)


def _der(public: rsa.RSAPublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii")
