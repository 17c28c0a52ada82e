"""API credentials."""

from datetime import datetime

import strawberry

from domain.callers import Caller, Channel, Permission
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Outcome, Payload
from schema.kit.mutations import does, mutations
from schema.kit.nodes import Node, found_by_id
from schema.kit.relations import computed, related
from schema.kit.views import node_of, plain, view_of
from schema.users import User
from usecases.api_credentials import CreateApiCredential, RevokeApiCredential
from usecases.reads.api_credentials import ApiCredentialRow
from usecases.reads.kit import Page, Whole

shown(Channel)
shown(Permission)

READ = Permission.API_CREDENTIALS_READ


@node_of(ApiCredentialRow, "key", lambda read: read.api_credentials.by_ids, needs=READ)
@strawberry.type(description="A secret that lets a program act as a user. Only its hash is kept.")
class ApiCredential(Node):
    version: int = plain("Goes up with every change.")
    name: str = plain("What it is for.")
    user: User | None = related(
        "user_id", lambda read: read.users.by_ids, "Who it acts as.", needs=Permission.USERS_READ
    )
    channel: Channel = plain("Which API it opens; GraphQL accepts them all.")
    hint: str = plain("The last four characters of the secret.")
    permissions: list[Permission] | None = plain("What it is narrowed to.")
    expires_at: datetime | None = plain("When it stops working.")
    revoked_at: datetime | None = plain("When it was revoked.")
    networks: list[str] = plain(
        "The IP addresses and CIDR ranges that it works from; from anywhere, if there are none."
    )
    created_at: datetime = plain("When it was issued.")


@view_of(Page[ApiCredentialRow])
@strawberry.type(description="A page of API credentials.")
class ApiCredentialConnection(Connection[ApiCredential]):
    total_count: int = related(
        "listing", lambda read: read.api_credentials.counts, "In the whole list."
    )


@strawberry.type
class ApiCredentialQueries:
    api_credential: ApiCredential | None = found_by_id("key", "An API credential.")
    api_credentials: ApiCredentialConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.api_credentials.all,
        "The API credentials, oldest first.",
        needs=READ,
    )


def secret_of(outcome: Outcome, _caller: Caller) -> str | None:
    return getattr(outcome.record, "secret", None)


@strawberry.type(description="An API credential after the mutation.")
class ApiCredentialPayload(Payload):
    api_credential: ApiCredential | None = related(
        "id", lambda read: read.api_credentials.by_ids, "The credential as it is now."
    )
    secret: str | None = computed(
        secret_of, "Its text, shown this once. Null whenever it has not just been issued."
    )


@mutations(ApiCredentialPayload)
class ApiCredentialMutations:
    api_credential_create = does(CreateApiCredential, prefix="key")
    api_credential_revoke = does(RevokeApiCredential)
