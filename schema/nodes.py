"""Any record by its global id, or by the id that an older system's client knows."""

import re
from asyncio import gather
from typing import Annotated, Any

import strawberry

from domain.callers import Channel
from domain.kit.errors import RuleBroken
from schema.kit.enums import shown
from schema.kit.ids import to_public
from schema.kit.nodes import Node, found
from schema.kit.relations import Info
from usecases.reads.legacy_ids import LegacyId

# What the old systems call what we keep: (channel, resource) -> kind, prefix.
RESOURCES = {
    (Channel.WAQTI, "purchase-orders"): ("purchase_order", "po"),
    (Channel.WAQTI, "purchase-order-items"): ("purchase_order_line", "pol"),
    (Channel.WAQTI, "invoices"): ("purchase_invoice", "pin"),
    (Channel.WAQTI, "invoice-items"): ("purchase_invoice_line", "pil"),
    (Channel.WAQTI, "vendors"): ("supplier", "sup"),
    (Channel.WAQTI, "departments"): ("department", "dep"),
    (Channel.WAQTI, "projects"): ("project", "prj"),
    (Channel.WAQTI, "users"): ("user", "usr"),
    (Channel.WAQTI, "budgets"): ("budget", "bud"),
    (Channel.WAQTI, "webhooks"): ("webhook_endpoint", "whk"),
    (Channel.SHRKITY, "quotations"): ("quotation", "quo"),
    (Channel.SHRKITY, "quotation-items"): ("quotation_line", "qol"),
    (Channel.SHRKITY, "invoices"): ("sales_invoice", "sin"),
    (Channel.SHRKITY, "services"): ("service_definition", "svc"),
    (Channel.SHRKITY, "subscriptions"): ("package_subscription", "sub"),
    (Channel.SHRKITY, "allocations"): ("allocation", "alo"),
    (Channel.SHRKITY, "packages"): ("package", "pkg"),
    (Channel.SHRKITY, "coupons"): ("coupon", "cpn"),
    (Channel.SHRKITY, "orders"): ("service_order", "so"),
    (Channel.SHRKITY, "companies"): ("company", "com"),
    (Channel.SHRKITY, "clients"): ("client", "cli"),
    (Channel.SHRKITY, "workers"): ("worker", "wkr"),
    (Channel.SHRKITY, "connections"): ("connection_request", "con"),
    (Channel.SHRKITY, "document-types"): ("compliance_document_type", "dty"),
    (Channel.SHRKITY, "documents"): ("compliance_document", "doc"),
    (Channel.SHOPLAZZA, "procurements"): ("purchase_order", "po"),
    (Channel.SHOPLAZZA, "suppliers"): ("supplier", "sup"),
    (Channel.WISEDAT, "suppliers"): ("supplier", "sup"),
}
MOST_NODES = 100
DIGITS = re.compile("[0-9]{1,19}")
LARGEST = 2**63 - 1

shown(Channel)
GlobalId = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
GlobalIds = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"Up to {MOST_NODES} global ids.")
]
System = Annotated[Channel, strawberry.argument(description="Which system knows it.")]
Resource = Annotated[str, strawberry.argument(description="What that system calls it: `vendors`.")]
LegacyKey = Annotated[str, strawberry.argument(description="Its id there.")]


async def node(info: strawberry.Info, id: GlobalId) -> Node | None:
    return await found(info, id)  # type: ignore[no-any-return]


async def nodes(info: strawberry.Info, ids: GlobalIds) -> list[Node | None]:
    if len(ids) > MOST_NODES:
        raise RuleBroken("at most {most} are possible", path=("ids",), most=MOST_NODES)
    # graphql-core raises the exceptions in a list one by one: each at its place, with null there.
    answers: list[Any] = await gather(*(found(info, id) for id in ids), return_exceptions=True)
    return answers


async def node_by_legacy_id(
    info: Info, channel: System, resource: Resource, id: LegacyKey
) -> Node | None:
    if (channel, resource) not in RESOURCES:
        known = [name for of, name in RESOURCES if of is channel]
        raise RuleBroken(
            "{channel} knows these resources: {known}",
            path=("resource",),
            channel=channel,
            known=known,
        )
    kind, prefix = RESOURCES[channel, resource]
    if not DIGITS.fullmatch(id) or int(id) > LARGEST:
        return None
    question = info.context.question(lambda read: read.legacy_ids.to_ids, {})
    ours = await question.one(LegacyId(kind, channel.lower(), int(id)))
    if ours is None:
        return None
    return await found(info, strawberry.ID(to_public(prefix, ours)))  # type: ignore[no-any-return]


@strawberry.type
class NodeQueries:
    node: Node | None = strawberry.field(
        resolver=node, description="Any record by its global id; null when there is none."
    )
    nodes: list[Node | None] = strawberry.field(
        resolver=nodes, description="Several at once, in the order asked for."
    )
    node_by_legacy_id: Node | None = strawberry.field(
        resolver=node_by_legacy_id,
        description="The record that an older system's client knows by this id.",
    )
