"""What the database refuses, said as the domain would: constraint name → domain error."""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from domain.kit.errors import Busy, DomainError, RuleBroken
from domain.sales_invoices.lifecycle import billed_already
from persistence.tables import metadata
from persistence.tables.metadata import FIELD

Refusal = Callable[[], DomainError]


def _taken(column: str) -> Refusal:
    return lambda: RuleBroken("this is taken already", path=(column,))


def _unknown(column: str) -> Refusal:
    return lambda: RuleBroken("no such record in this organization", path=(column,))


def _table() -> dict[str, Refusal]:
    refusals: dict[str, Refusal] = {}
    for table in metadata.tables.values():
        for index in table.indexes:
            _organization, *columns = [column.name for column in index.columns]
            if index.unique and (FIELD in index.info or len(columns) == 1):
                refusals[str(index.name)] = _taken(index.info.get(FIELD, columns[0]))
        for constraint in table.foreign_key_constraints:
            _organization, column = constraint.column_keys
            refusals[str(constraint.name)] = _unknown(column)
    return refusals


def _named() -> DomainError:
    return RuleBroken("this line is on a receipt or an invoice and has to stay")


def _used_up() -> DomainError:
    return RuleBroken("this coupon is used up", path=("code",))


def _asked_already() -> DomainError:
    return RuleBroken(
        "a connection of this client is pending or active already", path=("client_id",)
    )


_ONE_STANDING = ("one_an_order", "one_a_period", "one_a_quotation")

REFUSALS = _table() | {
    "fk_goods_receipt_lines_order_line_id": _named,
    "ck_coupons_used_within_its_limit": _used_up,
    "ix_connection_requests_open": _asked_already,
    **{f"ix_sales_invoices_{name}": billed_already for name in _ONE_STANDING},
}

# SQLSTATE → what it means when a transaction met another one.
COLLISIONS = {"55P03": "lock not available", "40P01": "deadlock", "57014": "statement timeout"}


# What sums of permitted amounts can come to, and no column keeps.
TOO_LARGE = "22003"


def as_domain_error(error: DBAPIError) -> DomainError | None:
    """The fact behind a database error; None when it is a bug of ours."""
    cause = getattr(error.orig, "__cause__", None)
    if getattr(cause, "sqlstate", None) in COLLISIONS:
        return Busy("another request is changing the same records; try again")
    if getattr(cause, "sqlstate", None) == TOO_LARGE:
        return RuleBroken("this adds up to more than can be kept")
    refusal = REFUSALS.get(getattr(cause, "constraint_name", None) or "")
    return refusal() if refusal else None
