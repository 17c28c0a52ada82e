"""The demo organizations themselves: roles, people, departments, projects, suppliers, routes."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.approvals.steps import StepRule
from domain.approvals.workflows import ApprovalWorkflow, Approver, ApproverKind, WorkflowStep
from domain.organizations import TOLERANCES, Organization, Plan, ServicePlan
from domain.projects import Project
from domain.suppliers import Supplier, SupplierContact
from domain.users import Role
from server.demo.casts import Cast, add_departments, engage, named
from server.demo.goods import CURRENCIES, TRADES, Trade
from server.demo.orders import URGENT_HOURS
from server.demo.people import (
    ARCHIVED,
    COMMITTEE,
    DEPARTMENTS,
    DOMAIN,
    OTHER_DEPARTMENTS,
    OTHER_DOMAIN,
    OTHER_PEOPLE,
    PEOPLE,
    PROJECTS,
    SANDBOX_DOMAIN,
    URGENT,
)
from server.demo.stages import Stage

CURRENCY = "SAR"  # of the prices in server/demo/goods.py
# What the stories go by, and a sandbox's users may have changed.
SETTINGS: dict[str, Any] = {
    "vat_rate": Decimal(15),
    "time_zone": "Asia/Riyadh",
    "own_approval": False,
    **dict.fromkeys(TOLERANCES, Decimal(0)),
}

ABROAD = 5  # one supplier in five invoices in another currency


def demo_organization() -> dict[str, Any]:
    return SETTINGS | {
        "name": "Demo Trading Company",
        "name_ar": "الشركة التجارية التجريبية",
        "plan": Plan.ENTERPRISE,
        "service_plan": ServicePlan.ENTERPRISE,
        "base_currency": CURRENCY,
        "tax_id": "300000000000003",
        "address": "King Fahd Road, Riyadh 12271, Saudi Arabia",
    }


def other_organization() -> dict[str, Any]:
    return {
        "name": "Other Company",
        "name_ar": "الشركة الأخرى",
        "plan": Plan.PROFESSIONAL,
        "service_plan": ServicePlan.SCALE,
        "base_currency": "SAR",
        "vat_rate": Decimal(15),
        "address": "Corniche Road, Jeddah 23412, Saudi Arabia",
    }


async def found_demo(stage: Stage, organization: Organization, random: Random) -> Cast:
    await stage.add(organization)
    cast = await engage(stage, organization, PEOPLE, domain=DOMAIN)
    await _equip(stage, cast, random)
    return cast


async def restore_demo(
    stage: Stage, organization: Organization, at: datetime, random: Random
) -> Cast:
    """A sandbox that has been wiped gets the demo's settings, people and everything else."""
    await stage.restore(Organization, organization.id, SETTINGS, at)
    cast = await engage(stage, organization, PEOPLE, domain=SANDBOX_DOMAIN, at=at)
    await _equip(stage, cast, random)
    return cast


async def _equip(stage: Stage, cast: Cast, random: Random) -> None:
    """What the people of the demo work with."""
    await add_departments(stage, cast, DEPARTMENTS)
    for unit in PROJECTS:
        given = named(unit) | {
            "owner_id": cast.users[unit.person].id,
            "archived": unit.code in ARCHIVED,
        }
        cast.projects[unit.code] = await stage.create(Project, given)
    suppliers = [
        (name, name_ar, trade)
        for place in range(len(TRADES[0].names))
        for trade in TRADES
        for name, name_ar in [trade.names[place]]
    ]
    for number, (name, name_ar, trade) in enumerate(suppliers, start=1):
        given = _supplier(number, name, name_ar, trade, random)
        cast.suppliers.append((await stage.create(Supplier, given), trade))
    head = WorkflowStep(
        name="Department head", approver=Approver(kind=ApproverKind.DEPARTMENT_HEAD)
    )
    finance = _by_role("Finance manager", cast.roles["finance_manager"])
    cfo = _by_role("CFO", cast.roles["cfo"])
    for name, priority, conditions, steps in (
        ("Warehouse", 1, [_of(cast.projects[COMMITTEE])], _together(cast)),
        ("Fleet", 2, [_of(cast.projects[URGENT])], [_in_time(cast)]),
        ("Small orders", 10, [_below(10_000)], [head]),
        ("Medium orders", 20, [_from(10_000), _below(50_000)], [head, finance]),
        ("Large orders", 30, [_from(50_000)], [head, finance, cfo]),
    ):
        await _workflow(stage, name, priority, conditions, steps)


async def found_other(stage: Stage, organization: Organization, random: Random) -> Cast:
    await stage.add(organization)
    cast = await engage(stage, organization, OTHER_PEOPLE, domain=OTHER_DOMAIN)
    await add_departments(stage, cast, OTHER_DEPARTMENTS)
    for number, trade in enumerate(TRADES[:3], start=1):
        name, name_ar = trade.names[0]
        given = _supplier(number, f"{name} (Other)", name_ar, trade, random) | {"currency": None}
        cast.suppliers.append((await stage.create(Supplier, given), trade))
    await _workflow(stage, "Everything", 10, [], [_by_role("Administrator", cast.roles["admin"])])
    return cast


def _supplier(number: int, name: str, name_ar: str, trade: Trade, random: Random) -> dict[str, Any]:
    host = "".join(c for c in name.lower().replace(" ", "-") if c.isalnum() or c == "-")
    abroad = number % ABROAD == 0
    currency = CURRENCIES[number // ABROAD % len(CURRENCIES)][0] if abroad else "SAR"
    desks = [("Sales desk", "sales"), ("Accounts desk", "accounts"), ("Dispatch", "delivery")]
    return {
        "code": f"S-{number:03}",
        "name": name,
        "name_ar": name_ar,
        "category": trade.category,
        "tax_id": f"3{number:013}3",
        "registration_number": f"10{number:08}",
        "email": f"orders@{host}.example.com",
        "phone": f"+966 11 555 {number:04}",
        "address": f"{number} Market Street, Riyadh",
        "payment_terms": random.choice((15, 30, 45, 60)),
        "currency": currency,
        "bank_name": random.choice(("First Demo Bank", "Bank of Examples", "Sample National Bank")),
        "bank_account": f"SA00 0000 0000 0000 {number:04} 0000",
        "contacts": [
            SupplierContact(
                name=desk,
                email=f"{role}@{host}.example.com",
                phone=f"+966 50 555 {number:04}",
                role=role,
            )
            for desk, role in desks[: random.randint(1, 3)]
        ],
    }


def _by_role(name: str, role: Role) -> WorkflowStep:
    return WorkflowStep(name=name, approver=Approver(kind=ApproverKind.ROLE, role_id=role.id))


def _together(cast: Cast) -> list[WorkflowStep]:
    """More than half of the heads to begin with, and in the end all of them."""
    heads = _by_role("Heads of departments", cast.roles["department_head"])
    everybody = replace(heads, name="All heads", rule=StepRule.ALL)
    return [replace(heads, rule=StepRule.MAJORITY), everybody]


def _in_time(cast: Cast) -> WorkflowStep:
    cfo = Approver(kind=ApproverKind.ROLE, role_id=cast.roles["cfo"].id)
    head = Approver(kind=ApproverKind.DEPARTMENT_HEAD)
    return WorkflowStep(
        name="Department head", approver=head, time_limit_hours=URGENT_HOURS, escalation=cfo
    )


def _of(project: Project) -> Condition:
    ids = [f"{project.prefix}_{project.id.hex}"]
    return Condition(field=ConditionField.PROJECT, operator=ConditionOperator.IN, values=ids)


def _from(amount: int) -> Condition:
    return _amount(ConditionOperator.AT_LEAST, amount)


def _below(amount: int) -> Condition:
    return _amount(ConditionOperator.BELOW, amount)


def _amount(operator: ConditionOperator, amount: int) -> Condition:
    return Condition(field=ConditionField.AMOUNT, operator=operator, values=[str(amount)])


async def _workflow(
    stage: Stage,
    name: str,
    priority: int,
    conditions: list[Condition],
    steps: list[WorkflowStep],
) -> None:
    given = {"name": name, "priority": priority, "conditions": conditions, "steps": steps}
    await stage.create(ApprovalWorkflow, given)
