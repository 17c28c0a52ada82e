"""How vendors do, as Waqti clients get it."""

from dataclasses import dataclass
from decimal import Decimal

from domain.performances import SupplierPerformance
from usecases.reads.suppliers import SupplierRow


@dataclass(slots=True)
class DeliveryTime:
    score: Decimal | None
    average_days: Decimal | None
    on_time_percentage: Decimal | None


@dataclass(slots=True)
class Quality:
    score: Decimal | None
    defect_rate: Decimal | None
    return_rate: Decimal | None


@dataclass(slots=True)
class Pricing:
    score: Decimal | None
    competitiveness: Decimal | None


@dataclass(slots=True)
class Responsiveness:
    score: Decimal | None


@dataclass(slots=True)
class Metrics:
    delivery_time: DeliveryTime
    quality: Quality
    pricing: Pricing
    responsiveness: Responsiveness


@dataclass(slots=True)
class VendorPerformance:
    """Fact W-57; null is what nobody can know yet."""

    vendor_id: int
    overall_score: Decimal | None
    metrics: Metrics

    @classmethod
    def of(cls, row: SupplierRow, known: SupplierPerformance) -> "VendorPerformance":
        return cls(
            row.waqti_id,
            known.overall_score,
            Metrics(
                DeliveryTime(*known.delivery_time),
                Quality(*known.quality),
                Pricing(*known.pricing),
                Responsiveness(known.responsiveness.score),
            ),
        )
