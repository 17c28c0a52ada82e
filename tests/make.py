"""Valid objects for tests, each with one obvious default."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from domain.approvals.delegations import Delegation
from domain.approvals.workflows import ApprovalWorkflow, Approver, ApproverKind, WorkflowStep
from domain.budgets import Budget, BudgetPolicy, BudgetStatus
from domain.callers import Caller, Channel, Permission
from domain.compliance_documents import ComplianceDocumentType
from domain.customers import Client, Company
from domain.departments import Department
from domain.kit.ids import new_id
from domain.organizations import Organization, Plan, ServicePlan
from domain.projects import Project
from domain.purchase_orders import NewPurchaseOrderLine
from domain.suppliers import Supplier
from domain.users import Role, User
from domain.webhook_endpoints import WebhookEndpoint, WebhookForm
from domain.workers import Worker

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def caller(
    organization_id: UUID | None = None,
    user_id: UUID | None = None,
    *,
    permissions: frozenset[Permission] = frozenset(Permission),
    credential_id: UUID | None = None,
) -> Caller:
    return Caller(
        organization_id=organization_id or new_id(),
        user_id=user_id or new_id(),
        credential_id=credential_id,
        channel=Channel.GRAPHQL,
        permissions=permissions,
        request_id="req_test",
    )


def organization(**values: Any) -> Organization:
    plans = {"plan": Plan.ENTERPRISE, "service_plan": ServicePlan.ENTERPRISE}
    return Organization.founded(NOON, **({"name": "Test Trading"} | plans | values))


def role(**values: Any) -> Role:
    given = {"code": f"role-{new_id().hex}", "name": "Approver"}
    return Role.create(given | {"permissions": list(Permission)} | values, NOON)


def user(name: str = "Test User", **values: Any) -> User:
    return User.create({"name": name, "email": f"{new_id().hex}@example.com"} | values, NOON)


def department(**values: Any) -> Department:
    return Department.create({"code": new_id().hex, "name": "Operations"} | values, NOON)


def project(**values: Any) -> Project:
    return Project.create({"code": new_id().hex, "name": "Refurbishment"} | values, NOON)


def supplier(**values: Any) -> Supplier:
    return Supplier.create({"name": "Office Supplies Co."} | values, NOON)


def client(**values: Any) -> Client:
    given = {"name": "Reem Trading Owner", "email": f"{new_id().hex}@example.com"}
    return Client.create(given | values, NOON)


def company(**values: Any) -> Company:
    return Company.create({"name": "Najd Contracting", "country": "SA"} | values, NOON)


def worker(company_id: UUID, **values: Any) -> Worker:
    return Worker.create({"company_id": company_id, "name": "Test Worker"} | values, NOON)


def document_type(**values: Any) -> ComplianceDocumentType:
    given = {"code": new_id().hex, "name": "Commercial Registration"}
    return ComplianceDocumentType.create(given | values, NOON)


def budget(department_id: UUID, **values: Any) -> Budget:
    """An active one of 100.00 that blocks, for the year it is now."""
    status = values.pop("status", BudgetStatus.ACTIVE)
    given = {"name": "Supplies", "department_id": department_id, "policy": BudgetPolicy.BLOCK}
    more = {"fiscal_year": datetime.now(UTC).year, "allocated_amount": Decimal(100)}
    made = Budget.create({"currency": "SAR"} | given | more | values, NOON)
    made.status = status
    return made


def line(**values: Any) -> NewPurchaseOrderLine:
    given: dict[str, Any] = {
        "description": "Printer paper",
        "quantity": Decimal(2),
        "unit_price": Decimal(10),
        "vat_rate": Decimal(15),
    }
    return NewPurchaseOrderLine(**(given | values))


def step(user_id: UUID, name: str = "Decision", **values: Any) -> WorkflowStep:
    approver = Approver(kind=ApproverKind.USER, user_id=user_id)
    return WorkflowStep(name=name, approver=approver, **values)


def approval_workflow(*steps: WorkflowStep, **values: Any) -> ApprovalWorkflow:
    given = {"name": new_id().hex, "steps": list(steps)}
    return ApprovalWorkflow.create(given | values, NOON)


def webhook_endpoint(**values: Any) -> WebhookEndpoint:
    given = {"name": "Ledger", "url": "https://hooks.example/1", "events": ["*"]}
    form = {"form": WebhookForm.STANDARD}
    return WebhookEndpoint.register(given | form | values, NOON, position=0)


def delegation(by: User, to: User, **values: Any) -> Delegation:
    """For the whole of time, as far as tests see it."""
    given = {"from_user_id": by.id, "to_user_id": to.id}
    dates = {"starts_at": NOON, "ends_at": NOON + timedelta(days=36500)}
    return Delegation.create(given | dates | values, NOON)


async def lift_limits(database: str) -> None:
    """No rate limit for any credential there is, as an operator would have it for bulk work."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("UPDATE api_credentials SET requests_per_minute = 0")
    finally:
        await connection.close()
