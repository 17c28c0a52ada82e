"""Sets the stage: roles, users, departments, projects, a supplier and a workflow for each route.

Everything is looked up first and made only where it is missing, so a second run finds it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from replay.documents import KNOWN_BY, listing
from replay.errors import Diverged, Unprepared
from replay.events import APPROVERS, Role
from replay.graphs import Graph, JsonObject
from replay.journals import Journal, Secret
from replay.plans import Plan
from replay.routes import NO_ROUTE, Route

# The log names roles, never people: each is played by one user of that name.
PLAYERS: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.EMPLOYEE: "Replay Employee",
        Role.ADMINISTRATION: "Replay Administration",
        Role.BUDGET_OWNER: "Replay Budget Owner",
        Role.PRE_APPROVER: "Replay Pre-approver",
        Role.SUPERVISOR: "Replay Supervisor",
        Role.DIRECTOR: "Replay Director",
        Role.MISSING: "Replay Missing",
        Role.ACCOUNTS: "Replay Accounts",
        Role.TREASURY: "Replay Treasury",
    }
)

_WRITES: Final = ("PURCHASE_ORDERS_READ", "PURCHASE_ORDERS_WRITE")
_APPROVES: Final = ("PURCHASE_ORDERS_READ", "PURCHASE_ORDERS_APPROVE")
_READS: Final = ("PURCHASE_INVOICES_READ", "GOODS_RECEIPTS_READ")
PERMISSIONS: Final[Mapping[Role, tuple[str, ...]]] = MappingProxyType(
    dict.fromkeys(APPROVERS, _APPROVES)
    | {
        Role.EMPLOYEE: (*_WRITES, "GOODS_RECEIPTS_READ", "GOODS_RECEIPTS_WRITE"),
        Role.MISSING: _WRITES,
        Role.ACCOUNTS: (*_READS, "PURCHASE_INVOICES_WRITE"),
        Role.TREASURY: (*_READS, "PURCHASE_INVOICES_APPROVE", "PURCHASE_INVOICES_PAY"),
    }
)

# The lowest goes first. Nothing else is kept from its workflow: these ask for our own suppliers.
_PRIORITY: Final = 0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What the steps refer to: tokens by role, ids by the log's names, a supplier per route."""

    tokens: Mapping[Role, str]
    departments: Mapping[str, str]
    projects: Mapping[str, str]
    suppliers: Mapping[Route, str]


def slug(name: str) -> str:
    """The code of a record that the log only names: `project 148216` → `PROJECT-148216`."""
    return name.upper().replace(" ", "-").replace("_", "-")


def email_of(role: Role) -> str:
    """How an operator finds the user that plays a role."""
    return f"{_role_code(role).lower()}@example.com"


def name_of(route: Route) -> str:
    return " > ".join(route) if route else "never submitted"


async def prepare(graph: Graph, plans: Iterable[Plan], journal: Journal, *, admin: str) -> Stage:
    """Everything the plans need, made or found with the administrator's token."""
    plans = list(plans)
    preparing = _Preparing(graph, journal, admin)
    try:
        roles = await preparing.roles()
        tokens = await preparing.tokens(await preparing.users(roles))
        suppliers = await preparing.suppliers({route for plan in plans for route in plan.routes})
        await preparing.workflows(suppliers, roles)
        return Stage(
            tokens=tokens,
            departments=await preparing.named("department", {plan.department for plan in plans}),
            projects=await preparing.named(
                "project", {plan.project for plan in plans if plan.project is not None}
            ),
            suppliers=suppliers,
        )
    except Diverged as refusal:
        raise Unprepared(str(refusal)) from refusal


class _Preparing:
    def __init__(self, graph: Graph, journal: Journal, admin: str) -> None:
        self._graph = graph
        self._journal = journal
        self._admin = admin

    async def roles(self) -> dict[Role, str]:
        wanted: dict[str, JsonObject] = {
            _role_code(role): {
                "code": _role_code(role),
                "name": PLAYERS[role],
                "permissions": list(PERMISSIONS[role]),
            }
            for role in Role
        }
        found = await self._found_or_made("role", wanted)
        return {role: found[_role_code(role)] for role in Role}

    async def users(self, roles: Mapping[Role, str]) -> dict[Role, str]:
        wanted: dict[str, JsonObject] = {
            PLAYERS[role]: {
                "name": PLAYERS[role],
                "email": email_of(role),
                "roleIds": [roles[role]],
            }
            for role in Role
        }
        found = await self._found_or_made("user", wanted)
        return {role: found[PLAYERS[role]] for role in Role}

    async def tokens(self, users: Mapping[Role, str]) -> dict[Role, str]:
        """One credential a role and run. A secret is shown once: this run's are in its journal."""
        for role in Role:
            if role.value not in self._journal.tokens:
                secret = await self._secret(role, users[role])
                await self._journal.write(Secret(role=role.value, token=secret))
        return {role: self._journal.tokens[role.value] for role in Role}

    async def _secret(self, role: Role, user: str) -> str:
        """A new secret. One that was shown to a run killed before writing it down is revoked."""
        name = f"{PLAYERS[role]} {self._journal.run}"
        given: JsonObject = {"userId": user, "name": name, "dialect": "GRAPHQL"}
        number = 0
        payload = await self._make("apiCredential", given, key=f"{role}:{number}")
        while payload["secret"] is None:
            lost: str = payload["apiCredential"]["id"]
            await self._graph.change(
                "apiCredentialRevoke",
                "apiCredential",
                {"id": lost},
                key=f"replay:{self._journal.run}:revoke:{lost}",
                token=self._admin,
            )
            number += 1
            payload = await self._make("apiCredential", given, key=f"{role}:{number}")
        return str(payload["secret"])

    async def named(self, record: str, names: set[str]) -> dict[str, str]:
        """Departments or projects, by the name the log has for them."""
        found = await self._found_or_made(
            record, {slug(name): {"code": slug(name), "name": name} for name in sorted(names)}
        )
        return {name: found[slug(name)] for name in names}

    async def suppliers(self, routes: set[Route]) -> dict[Route, str]:
        """A supplier stands for a route: that is what its workflow is chosen by."""
        wanted: dict[str, JsonObject] = {
            _supplier_code(route): {
                "code": _supplier_code(route),
                "name": f"Replay: {name_of(route)}",
            }
            for route in sorted(routes)
        }
        found = await self._found_or_made("supplier", wanted)
        return {route: found[_supplier_code(route)] for route in routes}

    async def workflows(self, suppliers: Mapping[Route, str], roles: Mapping[Role, str]) -> None:
        wanted: dict[str, JsonObject] = {}
        for route, supplier in sorted(suppliers.items()):
            if route != NO_ROUTE:
                name = f"Replay: {name_of(route)}"
                wanted[name] = {
                    "name": name,
                    "documentType": "PURCHASE_ORDER",
                    "priority": _PRIORITY,
                    "conditions": [{"field": "SUPPLIER", "operator": "IN", "values": [supplier]}],
                    "steps": [
                        {"name": role.value, "approver": {"kind": "ROLE", "roleId": roles[role]}}
                        for role in route
                    ],
                }
        await self._found_or_made("approvalWorkflow", wanted)

    async def _found_or_made(self, record: str, wanted: Mapping[str, JsonObject]) -> dict[str, str]:
        """The id of each, by the field that records of this kind are known by."""
        known = await self._all(record) if wanted else {}
        for name, given in wanted.items():
            if name not in known:
                payload = await self._make(record, given, key=name)
                known[name] = payload[record]["id"]
        return {name: known[name] for name in wanted}

    async def _all(self, record: str) -> dict[str, str]:
        field = KNOWN_BY[record][1]
        known: dict[str, str] = {}
        after: str | None = None
        while True:
            data = await self._graph.ask(listing(record), {"after": after}, token=self._admin)
            page = data["found"]
            known |= {edge["node"][field]: edge["node"]["id"] for edge in page["edges"]}
            if not page["pageInfo"]["hasNextPage"]:
                return known
            after = page["pageInfo"]["endCursor"]

    async def _make(self, record: str, given: JsonObject, *, key: str) -> JsonObject:
        return await self._graph.change(
            f"{record}Create",
            record,
            given,
            key=f"replay:{self._journal.run}:{record}:{key}",
            token=self._admin,
        )


def _role_code(role: Role) -> str:
    return f"REPLAY-{slug(role)}"


def _supplier_code(route: Route) -> str:
    return "-".join(["REPLAY", *(slug(role) for role in route)]) if route else "REPLAY-NO-ROUTE"
