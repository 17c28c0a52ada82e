"""What orders book in which budget, in the database, as they go their way."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.budgets import Budget, BudgetStatus
from domain.kit.errors import BudgetExceeded, RuleBroken
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLineChange
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import approved, done, drafted, pending
from usecases.kit import UseCase, run
from usecases.purchase_orders import (
    AmendPurchaseOrder,
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ClonePurchaseOrder,
    ClosePurchaseOrderShort,
    CreatePurchaseOrder,
    DeletePurchaseOrder,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    RequestPurchaseOrderChanges,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
)

YEAR = datetime.now(UTC).year
WHERE_SUMS_ARE = (
    "budgets t WHERE id",
    "budget_entries t WHERE budget_id",
    "purchase_order_lines t JOIN purchase_orders o ON o.id = t.order_id WHERE o.budget_id",
)
Sums = tuple[Any, ...]


@pytest.fixture
async def budget(save: Save, world: World) -> Budget:
    """100.00 that blocks; the usual order comes to 23.00."""
    made = make.budget(world.department.id)
    await save(made)
    return made


async def sums(owner: asyncpg.Connection, budget: Budget) -> Sums:
    """What the budget holds, by its own account; the ledger and the lines must say the same."""
    counted = [
        await owner.fetchrow(
            f"SELECT coalesce(sum(t.reserved), 0), coalesce(sum(t.committed), 0),"  # noqa: S608
            f" coalesce(sum(t.spent), 0) FROM {source} = $1",
            budget.id,
        )
        for source in WHERE_SUMS_ARE
    ]
    row, ledger, lines = (tuple(record or ()) for record in counted)
    assert row == ledger == lines
    return row


async def kinds(owner: asyncpg.Connection, order: PurchaseOrder) -> list[str]:
    query = "SELECT kind FROM budget_entries WHERE order_id = $1 ORDER BY at, id"
    return [row[0] for row in await owner.fetch(query, order.id)]


async def drawn_on(owner: asyncpg.Connection, order: PurchaseOrder) -> UUID | None:
    id: UUID | None = await owner.fetchval(
        "SELECT budget_id FROM purchase_orders WHERE id = $1", order.id
    )
    return id


async def test_an_order_that_is_approved_at_once_reserves_and_commits(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)

    assert await sums(owner, budget) == (0, 23, 0)
    assert await kinds(owner, order) == ["RESERVE", "COMMIT"]
    told = ["budget.created", "budget.reserved", "budget.committed"]
    assert await actions(owner, budget.id) == told


async def test_what_waits_is_reserved_and_the_last_approval_commits_it(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)
    assert await sums(owner, budget) == (23, 0, 0)

    await done(ApprovePurchaseOrder(id=order.id), world, storage, world.approver)

    assert await sums(owner, budget) == (0, 23, 0)
    assert await drawn_on(owner, order) == budget.id


@pytest.mark.parametrize(
    ("usecase", "said", "forgotten"),
    [
        (RejectPurchaseOrder, {"reason": "no"}, False),
        (RequestPurchaseOrderChanges, {"comment": "cheaper"}, True),
        (RecallPurchaseOrder, {}, True),
        (CancelPurchaseOrder, {}, False),
    ],
)
async def test_what_is_not_approved_releases_what_it_reserved(
    storage: SqlStorage,
    world: World,
    budget: Budget,
    owner: asyncpg.Connection,
    usecase: type[UseCase[Any]],
    said: dict[str, str],
    *,
    forgotten: bool,
) -> None:
    order = await pending(world, storage)
    own = usecase in {RecallPurchaseOrder, CancelPurchaseOrder}

    await done(
        usecase(id=order.id, **said),  # type: ignore[call-arg]
        world,
        storage,
        world.buyer if own else world.approver,
    )

    assert await sums(owner, budget) == (0, 0, 0)
    assert await kinds(owner, order) == ["RESERVE", "RELEASE"]
    assert (await drawn_on(owner, order) is None) == forgotten


@pytest.mark.parametrize(
    ("usecase", "said"),
    [(CancelPurchaseOrder, {}), (ClosePurchaseOrderShort, {"reason": "enough"})],
)
async def test_an_approved_order_that_ends_releases_what_it_committed(
    storage: SqlStorage,
    world: World,
    budget: Budget,
    owner: asyncpg.Connection,
    usecase: type[UseCase[Any]],
    said: dict[str, str],
) -> None:
    order = await approved(world, storage)

    await done(usecase(id=order.id, **said), world, storage)  # type: ignore[call-arg]

    assert await sums(owner, budget) == (0, 0, 0)


async def test_a_refused_submission_changes_nothing(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    for _ in range(4):
        await approved(world, storage)
    order = await drafted(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(BudgetExceeded, match=r"needs 23.00 SAR .* which has 8.00 left"):
            await done(SubmitPurchaseOrder(id=order.id), world, storage)

    assert await sums(owner, budget) == (0, 92, 0)


async def test_the_most_specific_budget_is_drawn_on_then_the_oldest(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    other = make.department()
    await save(other)
    department, project, year = world.department.id, world.project.id, YEAR
    await save(
        make.budget(other.id),
        make.budget(department, fiscal_year=year - 1),
        make.budget(department, status=BudgetStatus.DRAFT),
        make.budget(department, status=BudgetStatus.CLOSED),
    )
    general, later = make.budget(department), make.budget(department)
    later.created_at = datetime(2026, 1, 3, tzinfo=UTC)
    await save(later, general)

    usual = await approved(world, storage)
    assert await drawn_on(owner, usual) == general.id

    special = make.budget(department, project_id=project)
    special.created_at = datetime(2026, 1, 4, tzinfo=UTC)
    await save(special)
    assert await drawn_on(owner, await approved(world, storage)) == special.id
    elsewhere = await approved(world, storage, project_id=None)
    assert await drawn_on(owner, elsewhere) == general.id


async def test_a_frozen_budget_takes_nothing_new_but_commits_what_it_holds(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    waiting, new = await pending(world, storage), await drafted(world, storage)
    await owner.execute("UPDATE budgets SET status = 'FROZEN' WHERE id = $1", budget.id)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="takes no new orders: it is FROZEN"):
            await done(SubmitPurchaseOrder(id=new.id), world, storage)
    await done(ApprovePurchaseOrder(id=waiting.id), world, storage, world.approver)

    assert await sums(owner, budget) == (0, 23, 0)


async def test_a_user_names_the_budget_and_it_stays_named(
    storage: SqlStorage, world: World, budget: Budget, save: Save, owner: asyncpg.Connection
) -> None:
    named = make.budget(world.department.id, name="Named")
    await save(named, make.approval_workflow(make.step(world.approver.id)))
    order = await drafted(world, storage, budget_id=named.id)

    await done(SubmitPurchaseOrder(id=order.id), world, storage)
    await done(RecallPurchaseOrder(id=order.id), world, storage)
    assert await drawn_on(owner, order) == named.id
    await done(CancelPurchaseOrder(id=order.id), world, storage)
    copy = await done(ClonePurchaseOrder(id=order.id), world, storage)
    assert await drawn_on(owner, copy) == named.id
    await done(UpdatePurchaseOrder(id=copy.id, budget_id=None), world, storage)
    await done(SubmitPurchaseOrder(id=copy.id), world, storage)

    assert await drawn_on(owner, copy) == budget.id


async def test_a_budget_that_is_not_for_the_order_is_refused(
    storage: SqlStorage, world: World, other_world: World, save: Save, owner: asyncpg.Connection
) -> None:
    other, project = make.department(), make.project()
    await save(other, project)
    foreign = make.budget(other_world.department.id)
    await keep(storage, other_world.caller(), foreign)
    theirs, special = make.budget(other.id), make.budget(world.department.id, project_id=project.id)
    past = make.budget(world.department.id, fiscal_year=special.fiscal_year - 1)
    await save(theirs, special, past)
    draft = world.draft()

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="no such budget"):
            await done(CreatePurchaseOrder(**draft, budget_id=foreign.id), world, storage)
    reasons = {theirs: "another department's", special: "another project", past: "another year"}
    for budget, said in reasons.items():
        order = await drafted(world, storage, budget_id=budget.id)
        async with unchanged(owner, world):
            with pytest.raises(RuleBroken, match=said) as caught:
                await done(SubmitPurchaseOrder(id=order.id), world, storage)
            assert caught.value.path == ("budget_id",)


async def test_an_amendment_moves_the_budget_by_the_difference(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    line = order.lines[0].id

    async def amend(quantity: int) -> Sums:
        change = PurchaseOrderLineChange(id=line, quantity=Decimal(quantity))
        usecase = AmendPurchaseOrder(id=order.id, reason="needed", lines=[change])
        await done(usecase, world, storage)
        return await sums(owner, budget)

    assert await amend(3) == (0, Decimal("34.5"), 0)
    assert await amend(1) == (0, Decimal("11.5"), 0)
    async with unchanged(owner, world):
        with pytest.raises(BudgetExceeded):
            await amend(9)
    assert await kinds(owner, order) == ["RESERVE", "COMMIT", "RESERVE", "COMMIT", "RELEASE"]


async def test_an_amendment_that_is_taken_back_gives_its_reservation_back(
    storage: SqlStorage, world: World, budget: Budget, save: Save, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage, lines=[make.line(), make.line()])
    await save(make.approval_workflow(make.step(world.approver.id)))
    first, second = (line.id for line in order.lines)
    change = PurchaseOrderLineChange(id=first, quantity=Decimal(5))
    amend = AmendPurchaseOrder(
        id=order.id, reason="needed", lines=[change], removed_line_ids=[second]
    )

    await done(amend, world, storage)
    assert await sums(owner, budget) == (Decimal("34.5"), 23, 0)
    await done(RecallPurchaseOrder(id=order.id), world, storage)

    assert await sums(owner, budget) == (0, 46, 0)


async def test_a_deleted_draft_leaves_its_entries(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)
    await done(RecallPurchaseOrder(id=order.id), world, storage)

    await run(DeletePurchaseOrder(id=order.id), world.caller(), storage)

    assert await kinds(owner, order) == ["RESERVE", "RELEASE"]
    assert await sums(owner, budget) == (0, 0, 0)


async def test_a_foreign_currency_is_booked_at_the_orders_rate(
    storage: SqlStorage, world: World, budget: Budget, owner: asyncpg.Connection
) -> None:
    lines = [make.line(unit_price=Decimal("0.05"), vat_rate=Decimal(0)) for _ in range(3)]

    order = await approved(
        world, storage, lines=lines, currency="USD", exchange_rate=Decimal("3.755")
    )

    assert order.base_total == Decimal("1.13")
    assert [line.committed for line in order.lines] == [
        Decimal("0.38"),
        Decimal("0.38"),
        Decimal("0.37"),
    ]
    assert await sums(owner, budget) == (0, Decimal("1.13"), 0)
