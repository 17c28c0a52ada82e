"""Whom orders are for, as far as their eligibility goes: what placing an order looks at."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.customers import CustomerKind


class ApplicantKey(NamedTuple):
    """A customer, the worker that it is about, if any, and the day that it is."""

    customer_id: UUID
    worker_id: UUID | None
    day: date


class ApplicantRow(NamedTuple):
    """`connected` is the client's, or the company's client's; `worker_fits` is about its worker.

    Of `document_type_ids` the company or the worker has a document that is in force on the day.
    """

    customer_kind: CustomerKind
    active: bool
    tax_id: str | None
    registration_number: str | None
    connected: bool
    worker_fits: bool
    document_type_ids: list[UUID]


class Applicants(Protocol):
    async def by_keys(
        self, keys: Sequence[ApplicantKey]
    ) -> Mapping[ApplicantKey, ApplicantRow]: ...
