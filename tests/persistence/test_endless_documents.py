"""Documents that never run out, and those that do at either end of time, in lists by that day."""

from datetime import date
from uuid import UUID

import pytest

from domain.kit.ids import new_id
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.usecases.customers import customers
from tests.usecases.orders import done
from usecases.compliance_documents import CreateComplianceDocument
from usecases.reads.compliance_documents import (
    ComplianceDocumentOrder,
    ComplianceDocumentSort,
)
from usecases.reads.kit import Direction, Whole

DAYS = [None, date.max, date(9999, 12, 30), date(2030, 1, 1), date(1, 1, 2), date.min, None, None]


@pytest.mark.parametrize("direction", Direction)
async def test_each_is_seen_once_whichever_way_the_pages_go(
    world: World, storage: SqlStorage, direction: Direction
) -> None:
    held = await customers(world, storage)
    made: list[tuple[date, UUID]] = [(date(9000, 1, 1), held.document.id)]
    for day in DAYS:
        create = CreateComplianceDocument(
            type_id=held.document_type.id,
            company_id=held.company.id,
            number=new_id().hex,
            expires_on=day,
        )
        made.append((day or date.max, (await done(create, world, storage)).id))

    order = ComplianceDocumentOrder(field=ComplianceDocumentSort.EXPIRES_ON, direction=direction)
    seen: list[UUID] = []
    after: str | None = None
    read = storage.reads(world.caller())
    for _ in range(5):
        [page] = (
            await read.compliance_documents.all(
                [Whole.ORGANIZATION], order_by=order, first=2, after=after
            )
        ).values()
        seen += [row.id for row in page.nodes]
        after = page.page_info.end_cursor
    await read.close()

    assert not page.has_next_page
    backwards = direction is Direction.DESC
    assert seen == [id for _, id in sorted(made, reverse=backwards)]
