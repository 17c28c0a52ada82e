"""Subscriptions: facts S-44 to S-52."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Permission
from domain.package_subscriptions import PackageSubscription
from domain.packages import Package
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import subscriptions as wire
from rest.shrkity.wire.inputs import Page
from usecases.package_subscriptions import (
    AssignPackageSubscription,
    CancelPackageSubscription,
    PausePackageSubscription,
    RenewPackageSubscription,
    ResumePackageSubscription,
)
from usecases.reads import Reads
from usecases.reads.package_subscriptions import (
    PackageSubscriptionFilter,
    PackageSubscriptionOrder,
    PackageSubscriptionRow,
)

READ, WRITE = Permission.SUBSCRIPTIONS_READ, Permission.SUBSCRIPTIONS_WRITE


async def index(call: Call[Page]) -> NumberedPage[wire.Subscription]:
    """The newest first."""

    async def shaped(rows: Sequence[PackageSubscriptionRow]) -> list[wire.Subscription]:
        return await _subscriptions(call.read, rows)

    return await page_of(
        call.read.package_subscriptions,
        PackageSubscriptionFilter(),
        PackageSubscriptionOrder(),
        call.given,
        shaped,
    )


async def create(call: Call[wire.Assignment]) -> wire.Subscription:
    given, customer = call.given, call.given.customer
    ids = await call.mentioned(
        {
            ("package_id",): (Package.kind, given.package_id),
            (customer.field,): (customer.kind, customer.id),
        }
    )
    done = await call.run(
        AssignPackageSubscription(
            package_id=ids["package_id",],
            customer_id=ids[customer.field,],
            starts_at=given.starts_at,
            metadata=given.extras,
        )
    )
    return await _subscription(call.read, done.id)


async def show(call: Call[Nothing]) -> wire.Subscription:
    return await _subscription(call.read, await _id(call))


async def pause(call: Call[Nothing]) -> wire.Subscription:
    done = await call.run(PausePackageSubscription(id=await _id(call)))
    return await _subscription(call.read, done.id)


async def resume(call: Call[Nothing]) -> wire.Subscription:
    done = await call.run(ResumePackageSubscription(id=await _id(call)))
    return await _subscription(call.read, done.id)


async def cancel(call: Call[wire.Cancellation]) -> wire.Subscription:
    cancellation = CancelPackageSubscription(id=await _id(call), reason=call.given.reason)
    done = await call.run(cancellation)
    return await _subscription(call.read, done.id)


async def renew(call: Call[Nothing]) -> wire.Subscription:
    done = await call.run(RenewPackageSubscription(id=await _id(call)))
    return await _subscription(call.read, done.id)


async def _id(call: Call[Any]) -> UUID:
    return await call.id(PackageSubscription.kind)


async def _subscription(read: Reads, id: UUID) -> wire.Subscription:
    row = the(await read.package_subscriptions.by_ids([id]), id)
    [subscription] = await _subscriptions(read, [row])
    return subscription


async def _subscriptions(
    read: Reads, rows: Sequence[PackageSubscriptionRow]
) -> list[wire.Subscription]:
    """With what each covers now."""
    covered = await read.allocations.by_subscription_ids([row.id for row in rows])
    wanted = {each.service_definition_id for of in covered.values() for each in of}
    services = await read.service_definitions.by_ids([*wanted])
    packages = await read.packages.by_ids([*{row.package_id for row in rows}])
    customers = await read.customers.by_ids([*{row.customer_id for row in rows}])
    return [
        wire.Subscription.of(
            row,
            package_id=packages[row.package_id].shrkity_id,
            customer=customers[row.customer_id],
            allocations=[
                wire.allocation(each, services[each.service_definition_id].shrkity_id)
                for each in covered.get(row.id, ())
            ],
        )
        for row in rows
    ]


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/subscriptions", index, Page, needs=READ),
    Endpoint("POST", "/subscriptions", create, wire.Assignment, status=201, needs=WRITE),
    Endpoint("GET", "/subscriptions/{id}", show, Nothing, needs=READ),
    Endpoint("POST", "/subscriptions/{id}/pause", pause, Nothing, needs=WRITE),
    Endpoint("POST", "/subscriptions/{id}/resume", resume, Nothing, needs=WRITE),
    Endpoint("POST", "/subscriptions/{id}/cancel", cancel, wire.Cancellation, needs=WRITE),
    Endpoint("POST", "/subscriptions/{id}/renew", renew, Nothing, needs=WRITE),
]
