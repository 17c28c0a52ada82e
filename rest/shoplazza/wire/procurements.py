"""Procurements as Shoplazza's clients get them: facts P-8 and P-9."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rest.kit.answers import plain
from rest.shoplazza.wire import words
from usecases.reads.procurements import ProcurementQuantitiesRow, ProcurementRow
from usecases.reads.suppliers import SupplierRow


@dataclass(slots=True)
class Procurement:
    """Ids are texts of 18 digits: more than a client's numbers may hold."""

    id: str
    procurement_sn: str
    state: int
    supplier_id: str
    location_id: str
    note: str
    transfer_quantity: Decimal
    pending_quantity: Decimal
    received_quantity: Decimal
    rejected_quantity: Decimal
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, row: ProcurementRow, supplier: SupplierRow, quantities: ProcurementQuantitiesRow
    ) -> "Procurement":
        return cls(
            id=str(row.shoplazza_id),
            procurement_sn=row.serial_number,
            state=words.STATES[row.state],
            supplier_id=str(supplier.shoplazza_id),
            location_id="",  # orders are delivered to an address, not to a location
            note=row.notes or "",
            transfer_quantity=plain(quantities.transfer),
            pending_quantity=plain(quantities.pending),
            received_quantity=plain(quantities.received),
            rejected_quantity=plain(quantities.rejected),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


@dataclass(slots=True)
class Procurements:
    """`count` is of all that match, not of this page."""

    count: int
    procurements: Sequence[Procurement]
