"""Files that are made from the code, committed, and compared in `make check`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from domain.budgets import LIFECYCLE as BUDGETS
from domain.connection_requests import LIFECYCLE as CONNECTION_REQUESTS
from domain.goods_receipts import LIFECYCLE as GOODS_RECEIPTS
from domain.kit.lifecycle import Lifecycle
from domain.package_subscriptions import LIFECYCLE as PACKAGE_SUBSCRIPTIONS
from domain.purchase_invoices import LIFECYCLE as PURCHASE_INVOICES
from domain.purchase_orders import LIFECYCLE as PURCHASE_ORDERS
from domain.quotations import LIFECYCLE as QUOTATIONS
from domain.sales_invoices import LIFECYCLE as SALES_INVOICES
from domain.service_definitions import LIFECYCLE as SERVICE_DEFINITIONS
from domain.service_orders import LIFECYCLE as SERVICE_ORDERS
from domain.service_orders import STEP_LIFECYCLE as SERVICE_ORDER_STEPS
from schema import sdl
from server.problems import OperatorProblem

ROOT = Path(__file__).parent.parent
LIFECYCLES: Mapping[str, Lifecycle[Any]] = {
    "Purchase orders": PURCHASE_ORDERS,
    "Goods receipts": GOODS_RECEIPTS,
    "Budgets": BUDGETS,
    "Supplier invoices": PURCHASE_INVOICES,
    "Sales invoices": SALES_INVOICES,
    "Quotations": QUOTATIONS,
    "Service definitions": SERVICE_DEFINITIONS,
    "Subscriptions": PACKAGE_SUBSCRIPTIONS,
    "Service orders": SERVICE_ORDERS,
    "Service order steps": SERVICE_ORDER_STEPS,
    "Connection requests": CONNECTION_REQUESTS,
}


def lifecycles() -> str:
    """Every lifecycle as a diagram and a table, from the tables that the commands use."""
    parts = ["# Lifecycles", "Made by `make docs` from the tables in `domain/`."]
    for title, lifecycle in LIFECYCLES.items():
        parts += [f"## {title}", f"```mermaid\n{lifecycle.mermaid()}\n```"]
        parts += ["\n".join(_table(lifecycle))]
    return "\n\n".join(parts) + "\n"


def _table(lifecycle: "Lifecycle[Any]") -> list[str]:
    rows = ["| action | from | to | permission | guards | needs |", "|---|---|---|---|---|---|"]
    for move in lifecycle.moves.values():
        cells = (
            move.action,
            ", ".join(sorted(map(str, move.sources))),
            ", ".join(map(str, move.targets)) or ("(gone)" if move.ends else "(stays)"),
            move.needs.value if move.needs else "(the system)",
            ", ".join(guard.__name__ for guard in move.guards),
            ", ".join(move.input),
        )
        rows.append("| " + " | ".join(cells) + " |")
    return rows


SCHEMA: Mapping[Path, Callable[[], str]] = {ROOT / "schema" / "schema.graphql": sdl}
DOCS: Mapping[Path, Callable[[], str]] = {ROOT / "docs" / "lifecycles.md": lifecycles}


def write(files: Mapping[Path, Callable[[], str]], *, check: bool) -> None:
    """Write the files anew; or, to check, raise OperatorProblem when one has changed."""
    for path, make in files.items():
        content = make()
        if not check:
            path.write_text(content)
        elif not path.exists() or path.read_text() != content:
            raise OperatorProblem(f"{path.relative_to(ROOT)} is out of date: run make schema docs")
