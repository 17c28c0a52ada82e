"""How suppliers do, through the graph (W-57)."""

from datetime import date

import pytest

from domain.callers import Permission
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, public
from tests.usecases.orders import approved
from tests.usecases.receipts import of, receipt

ALL = {"onTimePercentage": "100.00"}
PERFORMANCE = """performanceScore performance { overallScore
  deliveryTime { score averageDays onTimePercentage } quality { score defectRate returnRate }
  pricing { score competitiveness } responsiveness { score averageDays } }"""


async def test_w_57_a_supplier_shows_how_it_does(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    document = f"query ($id: ID!) {{ supplier(id: $id) {{ {PERFORMANCE} }} }}"
    before = await ask(document, id=public(world.supplier))
    assert before["supplier"]["performance"] == {
        "overallScore": None,
        "deliveryTime": {"score": None, "averageDays": None, "onTimePercentage": None},
        "quality": {"score": None, "defectRate": None, "returnRate": None},
        "pricing": {"score": None, "competitiveness": None},
        "responsiveness": {"score": None, "averageDays": None},
    }
    order = await approved(world, storage, expected_delivery_date=date(2999, 1, 1))
    await receipt(order, world, storage, of(order, 1, 1), post=True)

    after = (await ask(document, id=public(world.supplier)))["supplier"]

    assert after == {
        "performanceScore": "83.33",
        "performance": {
            "overallScore": "83.33",
            "deliveryTime": {
                "score": "100.00",
                "averageDays": "0.00",
                "onTimePercentage": "100.00",
            },
            "quality": {"score": "50.00", "defectRate": "50.00", "returnRate": "0.00"},
            "pricing": {"score": None, "competitiveness": None},
            "responsiveness": {"score": "100.00", "averageDays": "0.00"},
        },
    }


@pytest.mark.parametrize("count", [1, 20])
async def test_w_57_a_page_of_suppliers_takes_one_statement_more(
    ask: Ask, world: World, save: Save, statements: list[str], count: int
) -> None:
    assert world.supplier.performance_score is None
    await save(*(make.supplier() for _ in range(count)))

    await ask(f"{{ suppliers {{ nodes {{ {PERFORMANCE} }} }} }}")

    assert len(statements) == 2


async def test_w_57_it_takes_the_permission_that_the_supplier_takes(
    refused: Ask, world: World
) -> None:
    by = world.caller(permissions=frozenset(Permission) - {Permission.SUPPLIERS_READ})

    [error] = await refused("{ suppliers { nodes { performance { overallScore } } } }", as_=by)

    assert error["extensions"] == {"code": "FORBIDDEN"}
