"""The GraphQL that the replay speaks: every operation it sends is written here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VIEWER: Final = "query Viewer { viewer { organization { id } } }"

ORDERS: Final = """
query Orders($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on PurchaseOrder {
      status
      total { amount currency }
      department { name }
      project { name }
      invoices { status }
      auditTrail { action actor { name } }
    }
  }
}
"""

# What a mutation answers with, by the field of its payload.
_SELECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "purchaseOrder": "purchaseOrder { id }",
        "role": "role { id code }",
        "user": "user { id name }",
        "apiCredential": "apiCredential { id }",
        "department": "department { id code }",
        "project": "project { id code }",
        "supplier": "supplier { id code }",
        "approvalWorkflow": "approvalWorkflow { id name }",
        "purchaseInvoice": "purchaseInvoice { id }",
        "goodsReceipt": "goodsReceipt { id }",
    }
)
# Where more is wanted of it: what is ordered is invoiced and received line by line.
_WHOLE: Final = "purchaseOrder { id lines { id } }"
_SELECTED: Final[Mapping[str, str]] = MappingProxyType(
    {"purchaseOrderCreate": _WHOLE, "purchaseOrderClone": _WHOLE}
)

# What single mutations answer with on top of that.
_EXTRAS: Final[Mapping[str, str]] = MappingProxyType({"apiCredentialCreate": "secret "})

# Records that are looked up before they are made: (connection, the field they are known by).
KNOWN_BY: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "role": ("roles", "code"),
        "user": ("users", "name"),
        "department": ("departments", "code"),
        "project": ("projects", "code"),
        "supplier": ("suppliers", "code"),
        "approvalWorkflow": ("approvalWorkflows", "name"),
    }
)


def mutation(name: str, record: str) -> str:
    """`purchaseOrderSubmit`, `purchaseOrder`: the operation, its payload under `answer`."""
    title = name[0].upper() + name[1:]
    selected = f"{_SELECTED.get(name, _SELECTIONS[record])} {_EXTRAS.get(name, '')}"
    return (
        f"mutation {title}($input: {title}Input!, $key: String) {{ "
        f"answer: {name}(input: $input, idempotencyKey: $key) {{ "
        f"{selected}errors {{ code message path }} }} }}"
    )


def listing(record: str) -> str:
    """All records of a kind, page by page, under `found`."""
    connection, key = KNOWN_BY[record]
    return (
        "query Listing($after: String) { "
        f"found: {connection}(first: 100, after: $after) {{ "
        f"edges {{ node {{ id {key} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
