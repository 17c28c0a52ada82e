"""Lists of goods receipts: filters, orderings, pages."""

from base64 import urlsafe_b64encode
from datetime import date
from json import dumps
from typing import Any

import pytest

from domain.kit.ids import new_id
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, public
from tests.usecases.orders import approved
from tests.usecases.receipts import receipt

LIST = """query ($filter: GoodsReceiptFilter, $order: GoodsReceiptOrder, $first: Int,
  $after: String) { goodsReceipts(filter: $filter, orderBy: $order, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""
DAYS = [date(2026, 1, 3), date(2026, 1, 1), date(2026, 1, 2)]


async def test_receipts_are_filtered_and_sorted(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    other = make.supplier(name="Second Co.")
    await save(other)
    theirs = await approved(world, storage, supplier_id=other.id)
    await receipt(theirs, world, storage, received_on=date(2020, 1, 1))
    order = await approved(world, storage)
    ours = [
        await receipt(order, world, storage, received_on=day, post=day.day == 1) for day in DAYS
    ]

    async def found(sort: str, **filter: Any) -> list[int]:
        mine = {"orderId": public(order)} | filter
        data = await ask(LIST, filter=mine, order={"field": sort, "direction": "ASC"})
        page = data["goodsReceipts"]
        assert page["totalCount"] == len(page["nodes"])
        places = {public(each): n for n, each in enumerate(ours)}
        return [places[node["id"]] for node in page["nodes"]]

    assert await found("CREATED_AT") == [0, 1, 2]
    assert await found("UPDATED_AT") == [0, 1, 2]
    assert await found("RECEIVED_ON") == [1, 2, 0]
    assert await found("CREATED_AT", status=["POSTED"]) == [1]
    assert await found("CREATED_AT", status=["DRAFT", "POSTED"]) == [0, 1, 2]
    assert await found("CREATED_AT", supplierId=public(world.supplier)) == [0, 1, 2]
    assert await found("CREATED_AT", supplierId=public(other)) == []
    assert await found("CREATED_AT", receivedFrom="2026-01-02") == [0, 2]
    assert await found("CREATED_AT", receivedTo="2026-01-02") == [1, 2]
    assert await found("CREATED_AT", receivedFrom="2026-01-02", receivedTo="2026-01-02") == [2]


@pytest.mark.parametrize("sort", ["CREATED_AT", "UPDATED_AT", "RECEIVED_ON"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_every_page_goes_on_where_the_one_before_ended(
    ask: Ask, world: World, storage: SqlStorage, sort: str, direction: str
) -> None:
    order = await approved(world, storage)
    for n in range(7):
        await receipt(order, world, storage, received_on=DAYS[n % 3])
    by = {"field": sort, "direction": direction}
    whole = (await ask(LIST, order=by))["goodsReceipts"]["nodes"]

    pages, after = [], None
    for _ in range(4):
        page = (await ask(LIST, order=by, first=2, after=after))["goodsReceipts"]
        pages += page["nodes"]
        after = page["pageInfo"]["endCursor"]

    assert pages == whole
    assert len({node["id"] for node in pages}) == 7
    assert page["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize("day", [None, 5, "", "yesterday", "2026-02-30", "2026-01-01T00:00:00Z"])
async def test_a_cursor_without_a_day_is_none_of_a_list_by_days(refused: Ask, day: Any) -> None:
    after = urlsafe_b64encode(dumps(["received_on.id", day, new_id().hex]).encode()).decode()

    [error] = await refused(LIST, order={"field": "RECEIVED_ON"}, after=after)

    assert error["message"] == "no cursor of this list"
    assert error["extensions"]["code"] == "VALIDATION"


async def test_filtering_by_another_organizations_record_finds_nothing(
    ask: Ask, world: World, other_world: World, storage: SqlStorage
) -> None:
    order = await approved(other_world, storage)
    await receipt(order, other_world, storage)
    await receipt(await approved(world, storage), world, storage)

    for filter in ({"orderId": public(order)}, {"supplierId": public(other_world.supplier)}):
        data = await ask(LIST, filter=filter)
        assert data["goodsReceipts"]["totalCount"] == 0
        assert data["goodsReceipts"]["nodes"] == []
