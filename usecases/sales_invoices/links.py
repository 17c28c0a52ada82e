"""Links to printed invoices: good for a while, and for whoever has them.

A link names the organization, the invoice, the language and when it ends, and is signed with the
organization's key (HMAC-SHA256), so that none of them can be changed. Fact S-59.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from usecases.reads.kit import Whole
from usecases.reads.sales_invoices import InvoiceLanguage

if TYPE_CHECKING:
    from usecases.reads import Reads

BASE = "/files/sales-invoices"
LASTS = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class InvoiceLink:
    """What a link says. `ends` is in Unix seconds."""

    organization_id: UUID
    invoice_id: UUID
    language: InvoiceLanguage
    ends: int

    def signature(self, key: bytes) -> str:
        parts = ("sales invoice", self.organization_id.hex, self.invoice_id.hex)
        said = "\n".join((*parts, self.language, str(self.ends)))
        digest = hmac.digest(key, said.encode(), sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def path(self, key: bytes) -> str:
        """With the query, on whichever host serves."""
        query = {
            "organization": self.organization_id.hex,
            "language": self.language.value,
            "ends": self.ends,
            "signature": self.signature(key),
        }
        return f"{BASE}/{self.invoice_id.hex}.pdf?{urlencode(query)}"

    def holds(self, signature: str, key: bytes, now: datetime) -> bool:
        """Whether it was signed like this, with this key, and has not ended."""
        given, right = signature.encode(), self.signature(key).encode()
        return hmac.compare_digest(given, right) and now.timestamp() < self.ends


class InvoiceLinks:
    """Links, as a question that can be asked."""

    def __init__(self, read: "Reads") -> None:
        self._read = read

    async def by_ids(
        self, ids: Sequence[UUID], *, language: InvoiceLanguage = InvoiceLanguage.EN
    ) -> Mapping[UUID, str]:
        """A path for each that there is."""
        organization = (await self._read.signing_keys.own([Whole.ORGANIZATION]))[Whole.ORGANIZATION]
        ends = int((datetime.now(UTC) + LASTS).timestamp())
        return {
            id: InvoiceLink(
                organization_id=organization.id, invoice_id=id, language=language, ends=ends
            ).path(organization.signing_key)
            for id in await self._read.sales_invoices.by_ids(ids)
        }
