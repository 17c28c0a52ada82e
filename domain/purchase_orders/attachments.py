"""Attachments of a purchase order: links to files that are kept elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from domain.kit.errors import RuleBroken
from domain.kit.files import problems_of
from domain.kit.ids import new_id


@dataclass(frozen=True, kw_only=True)
class NewPurchaseOrderAttachment:
    """A file kept elsewhere: a link with a name."""

    name: Annotated[str, "File name: PDF, DOC(X), XLS(X), PNG or JPG."]
    url: Annotated[str, "Where it can be fetched; http or https."]


@dataclass(kw_only=True, eq=False)
class PurchaseOrderAttachment:
    kind = "purchase_order_attachment"
    prefix = "att"

    id: UUID = field(default_factory=new_id)
    position: int
    name: str
    url: str
    size: int | None = None
    waqti_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        return problems_of(self.name, self.url)


def attached(given: Sequence[NewPurchaseOrderAttachment]) -> list[PurchaseOrderAttachment]:
    return [PurchaseOrderAttachment(position=n, **vars(a)) for n, a in enumerate(given, start=1)]
