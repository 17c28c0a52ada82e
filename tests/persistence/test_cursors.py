"""Cursors: exact, opaque, and refused when they are not ours."""

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from json import dumps
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from persistence.storage import SqlStorage
from tests.conftest import World
from usecases.reads.kit import Whole, from_cursor, to_cursor
from usecases.reads.purchase_orders import PurchaseOrderOrder, PurchaseOrderSort
from usecases.reads.suppliers import SupplierOrder

W = Whole.ORGANIZATION


class Row(NamedTuple):
    name: str
    total: Decimal
    created_at: datetime
    received_on: date
    id: UUID


ORDER = Row._fields
KINDS = (str, Decimal, datetime, date, UUID)
MOMENTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(
    st.builds(Row, TEXTS, st.decimals(0, 10**13, places=6), MOMENTS, st.dates(), st.builds(new_id))
)
def test_a_cursor_gives_back_exactly_what_it_was_made_of(row: Row) -> None:
    assert Row._make(from_cursor(to_cursor(row, ORDER), ORDER, KINDS)) == row


def made(*values: Any) -> str:
    return urlsafe_b64encode(dumps(values).encode()).decode()


ID = new_id().hex
BY_AGE = "created_at.id"
BY_TOTAL = "total_amount.id"
NOT_OURS = [
    "",
    "x",
    "é",
    "\ud800",
    "=" * 10,
    "A" * 100_000,
    made(),
    made(BY_AGE),
    made(BY_AGE, "2026-01-01T00:00:00+00:00"),
    made(BY_AGE, "2026-01-01T00:00:00+00:00", ID, ID),
    made(BY_AGE, "2026-01-01T00:00:00", ID),
    made(BY_AGE, "2026-01-01", ID),
    made(BY_AGE, "0001-01-01T00:00:00+23:59", ID),
    made(BY_AGE, 5, ID),
    made(BY_AGE, None, ID),
    made(BY_AGE, "2026-01-01T00:00:00+00:00", 5),
    made(BY_AGE, "2026-01-01T00:00:00+00:00", []),
    made(BY_AGE, "2026-01-01T00:00:00+00:00", None),
    made(BY_AGE, "2026-01-01T00:00:00+00:00", "x"),
    made("name.id", "2026-01-01T00:00:00+00:00", ID),
    made(5, "2026-01-01T00:00:00+00:00", ID),
    urlsafe_b64encode(b"5").decode(),
    urlsafe_b64encode(b'"abc"').decode(),
    urlsafe_b64encode(b'{"a": 1, "b": 2, "c": 3}').decode(),
    urlsafe_b64encode(b"[" * 100_000).decode(),
    urlsafe_b64encode(b"\xff\xfe").decode(),
]


async def refused(storage: SqlStorage, world: World, question: str, **how: Any) -> None:
    reads = storage.reads(world.caller())
    with pytest.raises(RuleBroken, match="no cursor of this list") as caught:
        await getattr(reads, question).all([W], **how)
    await reads.close()
    assert caught.value.path == ("after",)


@pytest.mark.parametrize("cursor", NOT_OURS, ids=range(len(NOT_OURS)))
async def test_what_is_no_cursor_of_a_list_by_age_is_refused(
    storage: SqlStorage, world: World, cursor: str
) -> None:
    await refused(storage, world, "purchase_orders", after=cursor)
    await refused(storage, world, "departments", after=cursor)


@pytest.mark.parametrize(
    "total",
    [
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1E+999999",
        "1E-999999",
        5,
        1.5,
        True,
        None,
        [0, [1], 2],
    ],
)
async def test_what_is_no_cursor_of_a_list_by_total_is_refused(
    storage: SqlStorage, world: World, total: Any
) -> None:
    by_total = PurchaseOrderOrder(field=PurchaseOrderSort.TOTAL)
    cursor = made(BY_TOTAL, total, ID)

    await refused(storage, world, "purchase_orders", order_by=by_total, after=cursor)


@pytest.mark.parametrize("name", ["a\x00", "\ud800", 5, None, ["a"]])
async def test_what_is_no_cursor_of_a_list_by_name_is_refused(
    storage: SqlStorage, world: World, name: Any
) -> None:
    cursor = made("name.id", name, ID)

    await refused(storage, world, "suppliers", order_by=SupplierOrder(), after=cursor)


@pytest.mark.parametrize("number", ["x", "", "1.5", "9" * 20, "9" * 5000, "1\x00", 5, None, [1]])
async def test_what_is_no_cursor_of_a_list_by_an_old_id_is_refused(
    storage: SqlStorage, world: World, number: Any
) -> None:
    cursor = made("created_at.shoplazza_id", "2026-01-01T00:00:00+00:00", number)

    await refused(storage, world, "procurements", after=cursor)


@given(
    cursor=st.text(max_size=60)
    | st.binary(max_size=60).map(lambda b: urlsafe_b64encode(b).decode())
)
def test_no_text_breaks_a_cursor(cursor: str) -> None:
    with pytest.raises(RuleBroken):
        from_cursor(cursor, ORDER, KINDS)


@given(values=st.lists(st.none() | st.integers() | st.text() | st.lists(st.integers()), max_size=5))
def test_no_values_break_a_cursor(values: list[Any]) -> None:
    with pytest.raises(RuleBroken):
        from_cursor(made("name.total.created_at.id", *values), ORDER, KINDS)
