"""Purchase orders in a database, at some point of their way."""

from typing import Any, TypeVar
from uuid import UUID

from domain.kit.aggregate import Aggregate
from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from usecases.kit import UseCase, run
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder

A = TypeVar("A", bound=Aggregate)


async def done(usecase: UseCase[A], world: World, storage: SqlStorage, by: Any = None) -> A:
    """The record, after a use case was run by the buyer or somebody else."""
    record = (await run(usecase, world.caller(by), storage)).record
    assert record is not None
    return record


async def drafted(world: World, storage: SqlStorage, **values: Any) -> PurchaseOrder:
    return await done(CreatePurchaseOrder(**world.draft(**values)), world, storage)


async def approved(world: World, storage: SqlStorage, **values: Any) -> PurchaseOrder:
    """Without a workflow an order is approved as it is submitted."""
    order = await drafted(world, storage, **values)
    return await done(SubmitPurchaseOrder(id=order.id), world, storage)


async def pending(world: World, storage: SqlStorage, *approvers: UUID) -> PurchaseOrder:
    """Waiting for one approver after the other; for the world's own when none is named."""
    steps = [make.step(id) for id in approvers or (world.approver.id,)]
    await keep(storage, world.caller(), make.approval_workflow(*steps, priority=1))
    order = await drafted(world, storage)
    return await done(SubmitPurchaseOrder(id=order.id), world, storage)
