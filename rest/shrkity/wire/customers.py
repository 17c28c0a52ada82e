"""Whose something is: to Shrkity's clients, a company or a client."""

from typing import NamedTuple

from domain.customers import Client, Company
from domain.kit.errors import RuleBroken
from rest.kit.inputs import Id
from rest.shrkity.wire.extras import Extended
from usecases.reads.customers import CompanyRow, CustomerRow


class Named(NamedTuple):
    """A customer as they send it: the field, the kind of record, and its id."""

    field: str
    kind: str
    id: int


class ForCustomer(Extended):
    company_id: Id | None = None
    client_id: Id | None = None

    @property
    def customer(self) -> Named:
        """Raises RuleBroken unless there is exactly one."""
        if self.company_id is not None and self.client_id is None:
            return Named("company_id", Company.kind, self.company_id)
        if self.client_id is not None and self.company_id is None:
            return Named("client_id", Client.kind, self.client_id)
        raise RuleBroken("give either a company or a client", path=("company_id",))


def customer_ids(row: CustomerRow | None) -> dict[str, int | None]:
    """The same two fields in an answer, of which one is null; both where there is nobody."""
    company = isinstance(row, CompanyRow)
    id = row.shrkity_id if row is not None else None
    return {"company_id": id if company else None, "client_id": None if company else id}
