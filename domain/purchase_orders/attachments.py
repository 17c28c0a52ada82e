"""Attachments of a purchase order: links to files that are kept elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id

FILE_TYPES = frozenset({"pdf", "doc", "docx", "xls", "xlsx", "png", "jpg", "jpeg"})


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
        _, dot, ending = self.name.rpartition(".")
        return checks.found(
            checks.text(self.name, ("name",), most=255, required=True),
            RuleBroken("files of the type {ending} are not accepted", path=("name",), ending=ending)
            if dot and ending.lower() not in FILE_TYPES
            else None,
            checks.text(self.url, ("url",), most=2000, required=True),
            None
            if self.url.startswith(("https://", "http://"))
            else RuleBroken("this must begin with https:// or http://", path=("url",)),
        )


def attached(given: Sequence[NewPurchaseOrderAttachment]) -> list[PurchaseOrderAttachment]:
    return [PurchaseOrderAttachment(position=n, **vars(a)) for n, a in enumerate(given, start=1)]
