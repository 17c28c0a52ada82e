"""What organizations buy, and where keys are pinned to, at the operator's machine."""

import re
from datetime import UTC, datetime

import pytest

from domain.callers import Channel, Permission
from server.gate import CredentialGate
from server.problems import OperatorProblem
from tests.conftest import World
from tests.server.gates import enter
from tests.server.test_operators import gate, here, own_engine, own_storage, told
from usecases.gate import AddressNotAllowed, PlanRequired

__all__ = ["gate", "here", "own_engine", "own_storage"]


async def test_a_key_is_issued_with_scopes_networks_and_an_end(
    here: World, gate: CredentialGate
) -> None:
    secret = await told(
        *("credentials", "issue", "--user", here.buyer.email, "--name", "ERP"),
        *("--channel", "SHRKITY", "--scope", "orders:write", "--scope", "services:read"),
        *("--network", "192.0.2.0/24", "--network", "2001:db8::1", "--expires", "2999-12-31"),
    )
    secret = secret.strip()

    assert re.fullmatch("shk_live_[A-Za-z0-9]{40}", secret)
    caller = await enter(gate, secret, Channel.SHRKITY, "192.0.2.7")
    assert caller.permissions == {Permission.ORDERS_WRITE, Permission.SERVICES_READ}
    known = await gate.authenticator.credential(secret, Channel.SHRKITY)
    assert known.expires_at == datetime(2999, 12, 31, tzinfo=UTC)
    with pytest.raises(AddressNotAllowed):
        await enter(gate, secret, Channel.SHRKITY, "203.0.113.9")
    [line] = (await told("credentials", "list")).splitlines()
    assert line.split("\t")[7] == "192.0.2.0/24,2001:db8::1"


async def test_a_network_that_is_none_is_named(here: World) -> None:
    problem = "home is no IP address and no network like 192.0.2.0/24"
    who = ("--user", here.buyer.email, "--name", "ERP")
    with pytest.raises(OperatorProblem, match=f"^{re.escape(problem)}$"):
        await told("credentials", "issue", *who, "--network", "home")

    assert await told("credentials", "list") == ""


async def test_what_an_organization_has_bought_is_changed_and_takes_effect(
    here: World, gate: CredentialGate
) -> None:
    name = here.organization.name
    who = ("--user", here.buyer.email, "--name", "ERP", "--channel", "SHRKITY")
    secret = (await told("credentials", "issue", *who)).strip()
    plan = ("organizations", "plan", name)

    assert await told(*plan, "--service-plan", "STARTER") == f"{name}: STARTER, 50 orders a month\n"
    with pytest.raises(PlanRequired):
        await enter(gate, secret, Channel.SHRKITY)
    assert await told(*plan, "--monthly-orders", "7") == f"{name}: STARTER, 7 orders a month\n"
    assert await told(*plan, "--service-plan", "SCALE") == f"{name}: SCALE, 7 orders a month\n"
    gate.authenticator.forget()
    assert (await enter(gate, secret, Channel.SHRKITY)).user_id == here.buyer.id
    lifted = f"{name}: SCALE, any number of orders a month\n"
    assert await told(*plan, "--monthly-orders", "0") == lifted
    assert await told(*plan, "--by-plan") == f"{name}: SCALE, 1000 orders a month\n"
    with pytest.raises(OperatorProblem, match="give either --monthly-orders or --by-plan"):
        await told(*plan, "--monthly-orders", "1", "--by-plan")


@pytest.mark.usefixtures("here")
async def test_an_organization_is_founded_with_a_plan() -> None:
    found = ("organizations", "found", "Blank", "--admin", "ada@example.com")
    await told(*found, "--service-plan", "ENTERPRISE")

    said = await told("organizations", "plan", "Blank")
    assert said == "Blank: ENTERPRISE, any number of orders a month\n"
