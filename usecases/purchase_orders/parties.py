"""Whom and what a purchase order is about: they must exist, and take orders."""

from collections.abc import Mapping
from typing import Any

from domain.kit.errors import RuleBroken, raise_first
from domain.suppliers import SupplierStatus
from usecases.ports import UnitOfWork


async def check_parties(values: Mapping[str, Any], uow: UnitOfWork) -> None:
    """Those that are given, by the names of the order's fields (fact W-31).

    Raises RuleBroken for all that are missing, archived, inactive or blocked.
    """
    read, broken = uow.reads, []
    if (id := values.get("supplier_id")) is not None:
        supplier = (await read.suppliers.by_ids([id])).get(id)
        if supplier is None:
            broken.append(RuleBroken("no such supplier", path=("supplier_id",)))
        elif supplier.status is not SupplierStatus.ACTIVE:
            broken.append(
                RuleBroken(
                    "this supplier cannot be ordered from: it is {status}",
                    path=("supplier_id",),
                    status=supplier.status,
                )
            )
    if (id := values.get("department_id")) is not None:
        department = (await read.departments.by_ids([id])).get(id)
        if department is None or department.archived:
            broken.append(RuleBroken("no such department", path=("department_id",)))
    if (id := values.get("project_id")) is not None:
        project = (await read.projects.by_ids([id])).get(id)
        if project is None or project.archived:
            broken.append(RuleBroken("no such project", path=("project_id",)))
    id = values.get("budget_id")
    if id is not None and id not in await read.budgets.by_ids([id]):
        broken.append(RuleBroken("no such budget", path=("budget_id",)))
    raise_first(broken)
