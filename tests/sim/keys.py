"""Each machine's keys, real or stand-ins."""

from __future__ import annotations

import hashlib

from hanode import identity
from hanode.events import Member
from hanode.identity import Identity, Signer, Verifier, certificate
from hanode.messaging import KexSecret, X25519Secret
from tests.sim.stand_ins import StubSecret, StubSigner, stub_verify

CLUSTER = b"simulated-cluste"


class Keys:
    def __init__(self, real: bool) -> None:
        self._real = real
        self.verify: Verifier = identity.verify if real else stub_verify

    def signer(self, name: str) -> Signer:
        return Identity(_seed("sign", name)) if self._real else StubSigner(name)

    def secret(self, name: str) -> KexSecret:
        return self._secret(name)

    def member(self, name: str, number: int, role: str, links: int, identity: str = "") -> Member:
        """What the others know of a machine. One that takes another's place has keys of its own."""
        signer, kex = self.signer(identity or name), self._secret(identity or name).public
        host_key = bytes(32)
        return Member(
            name,
            number,
            role,
            signer.public,
            kex,
            host_key,
            signer.sign("certificate", CLUSTER, certificate(name, kex, host_key)),
            links=tuple(f"10.{link}.0.{number}:694" for link in range(links)),
            stream=f"10.0.0.{number}:5566",
        )

    def _secret(self, name: str) -> X25519Secret | StubSecret:
        return X25519Secret(_seed("kex", name)) if self._real else StubSecret(name)


def _seed(use: str, name: str) -> bytes:
    return hashlib.blake2b(f"{use} {name}".encode(), digest_size=32).digest()
