"""The GraphQL API: everything an organization has, linked, and every verb."""

from collections.abc import AsyncIterator, Iterator

import strawberry
from strawberry.extensions import AddValidationRules, ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig

from schema.api_credentials import ApiCredentialMutations, ApiCredentialQueries
from schema.approvals import ApprovalQueries, ApprovalWorkflowMutations
from schema.departments import DepartmentMutations, DepartmentQueries
from schema.kit.limits import MOST_TOKENS, SizeLimit
from schema.kit.masking import Masking
from schema.kit.scalars import SCALARS
from schema.kit.session import GraphQLSession
from schema.nodes import NodeQueries
from schema.organizations import Organization, OrganizationMutations
from schema.projects import ProjectMutations, ProjectQueries
from schema.purchase_orders import PurchaseOrderLine, PurchaseOrderMutations, PurchaseOrderQueries
from schema.suppliers import SupplierMutations, SupplierQueries
from schema.users import RoleMutations, UserMutations, UserQueries
from schema.viewer import ViewerQueries

CACHED_DOCUMENTS = 500


@strawberry.type(description="What can be asked. Everything is of your own organization.")
class Query(
    ViewerQueries,
    NodeQueries,
    PurchaseOrderQueries,
    SupplierQueries,
    DepartmentQueries,
    ProjectQueries,
    UserQueries,
    ApprovalQueries,
    ApiCredentialQueries,
):
    pass


@strawberry.type(
    description="What can be done. What you can correct comes back in the payload's `errors`."
)
class Mutation(
    PurchaseOrderMutations,
    SupplierMutations,
    DepartmentMutations,
    ProjectMutations,
    UserMutations,
    RoleMutations,
    ApprovalWorkflowMutations,
    ApiCredentialMutations,
    OrganizationMutations,
):
    pass


class Tokens(SchemaExtension):
    """Refuses documents of too many tokens before they are parsed to the end."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = MOST_TOKENS
        yield


class EndReads(SchemaExtension):
    """Gives the connection back, whatever happened."""

    async def on_operation(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            session: GraphQLSession = self.execution_context.context
            await session.end_reads()


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[Organization, PurchaseOrderLine],
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[
        EndReads,
        Masking,
        Tokens,
        lambda: ParserCache(maxsize=CACHED_DOCUMENTS),
        lambda: ValidationCache(maxsize=CACHED_DOCUMENTS),
        lambda: AddValidationRules([SizeLimit]),
    ],
)


def sdl() -> str:
    """The schema as committed in schema/schema.graphql."""
    return schema.as_str() + "\n"


__all__ = ["Mutation", "Query", "schema", "sdl"]
