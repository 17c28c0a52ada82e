"""API credentials: secrets that let a program act as a user. Only their hashes are kept."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Self
from uuid import UUID

from domain.callers import Channel, Permission
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import RuleBroken, raise_first
from domain.networks import network

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 40  # facts W-3 and S-3
MOST_A_MINUTE = Decimal(1_000_000)
MOST_NETWORKS = 100

# How the secret looks in each dialect; `number` is the credential's own.
FORMS = {
    Channel.GRAPHQL: "bog_{secret}",
    Channel.WAQTI: "{number}|{secret}",
    Channel.SHRKITY: "shk_live_{secret}",
    Channel.SHOPLAZZA: "{secret}",
    Channel.WISEDAT: "{secret}",
}


def new_secret(channel: Channel, number: int) -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return FORMS[channel].format(secret=drawn, number=number)


def hashed(secret: str) -> bytes:
    """SHA-256 is enough: a secret of 40 random characters cannot be guessed from it."""
    return sha256(secret.encode()).digest()


@dataclass(kw_only=True, eq=False)
class ApiCredential(Aggregate):
    """`permissions` narrows what the user may do; None leaves it at all of it.

    `requests_per_minute` overrides the plan: 0 lifts the limit. Only operators set it.
    """

    kind = "api_credential"
    prefix = "key"

    user_id: UUID
    name: str
    channel: Channel
    secret_hash: bytes
    hint: str
    permissions: list[Permission] | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    requests_per_minute: int | None = None
    networks: list[str] = field(default_factory=list)  # whence it works; from anywhere, if empty
    waqti_id: int | None = None
    secret: str | None = field(default=None, repr=False)  # known only while it is being made

    @classmethod
    def issue(
        cls,
        at: datetime,
        *,
        user_id: UUID,
        name: str,
        channel: Channel,
        number: int,
        permissions: list[Permission] | None,
        expires_at: datetime | None,
        networks: Sequence[str] = (),
    ) -> Self:
        """A new credential; `secret` on it is the only time that its text is known."""
        problems = checks.found(checks.text(name, ("name",), most=200, required=True))
        if channel not in FORMS:
            problems.append(RuleBroken("no credential opens {channel}", channel=channel))
        if expires_at is not None and expires_at <= at:
            problems.append(RuleBroken("this must be in the future", path=("expires_at",)))
        problems += _no_networks(networks)
        raise_first(problems)
        secret = new_secret(channel, number)
        credential = cls.founded(
            at,
            user_id=user_id,
            name=name,
            channel=channel,
            secret_hash=hashed(secret),
            hint=secret[-4:],
            permissions=permissions,
            expires_at=expires_at,
            networks=[*dict.fromkeys(map(_written, networks))],
            waqti_id=number,
            secret=secret,
        )
        credential._record("created", at, user_id=str(user_id), name=name, channel=channel)
        return credential

    def revoke(self, at: datetime) -> None:
        """Revoking twice changes nothing."""
        if self.revoked_at is None:
            self._record("revoked", at, self._set({"revoked_at": at}))

    def limit(self, requests_per_minute: int | None, at: datetime) -> None:
        """Instead of the plan's: 0 lifts the limit, None brings the plan's back."""
        raise_first(
            checks.found(
                None
                if requests_per_minute is None
                else checks.number(
                    Decimal(requests_per_minute), ("requests_per_minute",), most=MOST_A_MINUTE
                )
            )
        )
        if changes := self._set({"requests_per_minute": requests_per_minute}):
            self._record("limited", at, changes)


def _no_networks(texts: Sequence[str]) -> list[RuleBroken]:
    """Those that are no addresses or ranges (fact S-7), and whatever is too much."""
    if len(texts) > MOST_NETWORKS:
        return [RuleBroken("at most {most} are possible", path=("networks",), most=MOST_NETWORKS)]
    problems = []
    for index, text in enumerate(texts):
        try:
            network(text)
        except ValueError:
            problems.append(
                RuleBroken(
                    "{text} is no IP address and no network like 192.0.2.0/24",
                    path=("networks", index),
                    text=text[:64],
                )
            )
    return problems


def _written(text: str) -> str:
    """One way to write each network; an address stands for itself."""
    named = network(text)
    return str(named.network_address if named.num_addresses == 1 else named)
