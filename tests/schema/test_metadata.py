"""What only older systems' clients know of a record is shown wherever it is kept."""

from decimal import Decimal

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.domain import subscriptions
from tests.schema.conftest import Ask, public
from tests.usecases.selling import buyer, quoted
from tests.usecases.services import offered, placed
from tests.usecases.subscriptions import catalogue, sold

WHOLE = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Company { metadata }
  ... on Client { metadata } ... on Worker { metadata } ... on ServiceOrder { metadata }
  ... on PackageSubscription { metadata } ... on Quotation { metadata } } }"""


async def test_each_kind_of_record_shows_what_else_was_sent(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    company = await buyer(world, storage, metadata={"ref": 1})
    client = make.client(metadata={"ref": 2})
    worker = make.worker(company.id, metadata={"ref": 3})
    service = await offered(world, storage, price=Decimal(10))
    package = subscriptions.package(subscriptions.item(service.id))
    await catalogue(world, storage, client, worker, package)
    order = await placed(world, storage, service, metadata={"ref": 4})
    subscription = await sold(world, storage, package, company, metadata={"ref": 5})
    quotation = await quoted(world, storage, company, metadata={"ref": {"deep": [6, None]}})
    records = [company, client, worker, order, subscription, quotation]

    shown = (await ask(WHOLE, ids=[public(each) for each in records]))["nodes"]

    refs = [1, 2, 3, 4, 5, {"deep": [6, None]}]
    assert shown == [{"metadata": {"ref": ref}} for ref in refs]
