"""Webhook endpoints: where an organization wants to hear of what happens."""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import IllegalMove, RuleBroken, raise_first
from domain.webhook_endpoints.events import check_names

MOST_EVENTS = 100
LONGEST_OVERLAP = 168  # hours: a week
LONGEST_SECRET = 24  # random bytes


class WebhookForm(StrEnum):
    """How deliveries are signed and shaped: by the Standard Webhooks specification, or Waqti's."""

    STANDARD = "STANDARD"
    WAQTI = "WAQTI"


class WebhookDisabledReason(StrEnum):
    """Why an endpoint was made inactive without being asked to be."""

    GONE = "GONE"
    FAILING = "FAILING"


def new_secret() -> str:
    """As Standard Webhooks writes them: `whsec_` and 24 random bytes in base64."""
    return f"whsec_{b64encode(secrets.token_bytes(LONGEST_SECRET)).decode()}"


@dataclass(kw_only=True, eq=False)
class WebhookEndpoint(Aggregate):
    """`position` is that of the last event that deliveries were made for, `number` of the last one.

    The worker moves both on, with the failures; the rest is the user's. Secrets are kept as they
    are: each delivery is signed with them.
    """

    kind = "webhook_endpoint"
    prefix = "whk"

    name: str
    url: str
    events: list[str]
    form: WebhookForm
    is_active: bool = True
    disabled_reason: WebhookDisabledReason | None = None
    secret: str = field(repr=False)
    previous_secret: str | None = field(default=None, repr=False)
    previous_secret_until: datetime | None = None
    position: int
    number: int = 0
    failure_count: int = 0
    failing_since: datetime | None = None
    last_triggered_at: datetime | None = None
    waqti_id: int | None = None
    shown_secret: str | None = field(default=None, repr=False)  # known only while it is new

    @classmethod
    def register(cls, given: Mapping[str, Any], at: datetime, *, position: int) -> Self:
        """A new endpoint, for what comes after `position`; its secret is on it this once."""
        raise_first(problems(given))
        secret = new_secret()
        endpoint = cls.founded(at, **given, secret=secret, position=position, shown_secret=secret)
        endpoint._record("created", at, {name: (None, value) for name, value in given.items()})
        return endpoint

    def update(self, given: Mapping[str, Any], at: datetime, *, position: int) -> None:
        """Active again, it hears of what comes after `position`; a replay brings the rest."""
        raise_first(problems(given))
        before = self.is_active
        changes = dict(self._set(given))
        if self.is_active and not before:
            self.position = position
            self.failure_count, self.failing_since = 0, None
            changes |= self._set({"disabled_reason": None})
        if changes:
            self._record("updated", at, changes)

    def rotate_secret(self, overlap: timedelta, at: datetime) -> None:
        """A new secret; until the overlap is over, deliveries are signed with the old one, too."""
        hours = overlap / timedelta(hours=1)
        if not 0 <= hours <= LONGEST_OVERLAP:
            raise RuleBroken(
                "this must be between 0 and {most} hours",
                path=("overlap_hours",),
                most=LONGEST_OVERLAP,
            )
        self.previous_secret = self.secret if overlap else None
        self.previous_secret_until = at + overlap if overlap else None
        self.secret = self.shown_secret = new_secret()
        self._record("secret_rotated", at, previous_secret_until=self.previous_secret_until)

    def ping(self, at: datetime) -> None:
        self._require_active()
        self._record("pinged", at)

    def replay(self, since: datetime, until: datetime, at: datetime, *, only_dead: bool) -> None:
        """Send again what happened from `since` until before `until`."""
        self._require_active()
        if until <= since:
            raise RuleBroken("this must be later than the beginning", path=("until",))
        self._record("replayed", at, since=since, until=until, only_dead=only_dead)

    def disable(self, reason: WebhookDisabledReason, at: datetime) -> None:
        """Send nothing more; doing it twice changes nothing."""
        if self.is_active:
            changes = self._set({"is_active": False, "disabled_reason": reason})
            self._record("disabled", at, changes)

    def delete(self, at: datetime) -> None:
        self._record("deleted", at, {"url": (self.url, None)})

    def _require_active(self) -> None:
        if not self.is_active:
            raise IllegalMove("nothing is sent to an endpoint that is not active")


def problems(given: Mapping[str, Any]) -> list[RuleBroken]:
    """What does not make sense in what is given of an endpoint; its URL is looked at elsewhere."""
    found: list[RuleBroken] = []
    if "name" in given:
        found += checks.found(checks.text(given["name"], ("name",), most=100, required=True))
    if "events" in given:
        names = given["events"]
        if not names:
            found.append(RuleBroken("this must not be empty", path=("events",)))
        if len(names) > MOST_EVENTS:
            most = RuleBroken("at most {most} are possible", path=("events",), most=MOST_EVENTS)
            found.append(most)
        found += check_names(names[:MOST_EVENTS])
    return found
