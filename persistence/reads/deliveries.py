"""What is known of the deliveries of suppliers: the statement behind their performance.

Posted receipts count; those that were reversed are only counted as such.
"""

from typing import Any

from sqlalchemy import case, cast, func, select
from sqlalchemy.types import Date

from domain.goods_receipts import GoodsReceiptStatus
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, one_of

_s, _o, _l = t.suppliers, t.purchase_orders, t.purchase_order_lines
_r, _rl, _org = t.goods_receipts, t.goods_receipt_lines, t.organizations


def _same(left: Any, right: Any, key: str) -> Any:
    """How a row finds the one it refers to."""
    return (left.c.organization_id == right.c.organization_id) & (left.c[key] == right.c.id)


_POSTED = _r.c.status == GoodsReceiptStatus.POSTED
_REVERSED = _r.c.status == GoodsReceiptStatus.REVERSED

# Days are counted where the organization is; what came before its approval took none.
_approved_on = cast(func.timezone(_org.c.time_zone, _o.c.approved_at), Date)
_days = func.greatest(_r.c.received_on - _approved_on, 0)
_RECEIPTS = (
    select(
        _r.c.supplier_id,
        _r.c.order_id,
        case((_POSTED, _days)).label("days"),
        _POSTED.label("posted"),
        _REVERSED.label("reversed"),
        (_POSTED & _o.c.expected_delivery_date.is_not(None)).label("expected"),
        (_POSTED & (_r.c.received_on <= _o.c.expected_delivery_date)).label("in_time"),
    )
    .join_from(_r, _o, _same(_r, _o, "order_id"))
    .join(_org, _org.c.organization_id == _r.c.organization_id)
    .where(_r.c.organization_id == ORGANIZATION, one_of(_r.c.supplier_id), _POSTED | _REVERSED)
    .cte("receipts")
)
_RECEIVED = (
    select(
        _RECEIPTS.c.supplier_id,
        func.count().filter(_RECEIPTS.c.posted).label("posted"),
        func.count().filter(_RECEIPTS.c.reversed).label("reversed"),
        func.avg(_RECEIPTS.c.days).label("days"),
        func.count().filter(_RECEIPTS.c.expected).label("expected"),
        func.count().filter(_RECEIPTS.c.in_time).label("in_time"),
    )
    .group_by(_RECEIPTS.c.supplier_id)
    .cte("received")
)
_first = (
    select(_RECEIPTS.c.supplier_id, func.min(_RECEIPTS.c.days).label("days"))
    .where(_RECEIPTS.c.posted)
    .group_by(_RECEIPTS.c.supplier_id, _RECEIPTS.c.order_id)
    .subquery("first")
)
_FIRST = (
    select(_first.c.supplier_id, func.avg(_first.c.days).label("days"))
    .group_by(_first.c.supplier_id)
    .cte("firsts")
)


def _goods(name: str, *conditions: Any) -> Any:
    """What was accepted of each kind of goods from each supplier, and for how much."""
    lines = (
        select(
            _r.c.supplier_id,
            _l.c.described,
            func.sum(_rl.c.accepted).label("accepted"),
            func.sum(_rl.c.rejected).label("rejected"),
            func.sum(_rl.c.accepted * _l.c.unit_price * _o.c.exchange_rate).label("paid"),
        )
        .join_from(_rl, _r, _same(_rl, _r, "receipt_id"))
        .join(_l, _same(_rl, _l, "order_line_id"))
        .join(_o, _same(_r, _o, "order_id"))
        .where(_rl.c.organization_id == ORGANIZATION, _POSTED, *conditions)
        .group_by(_r.c.supplier_id, _l.c.described)
    )
    return lines.cte(name)


_GOODS = _goods("goods", one_of(_r.c.supplier_id))
_MARKET = _goods("market", _l.c.described.in_(select(_GOODS.c.described)))
_QUALITY = (
    select(
        _GOODS.c.supplier_id,
        func.sum(_GOODS.c.accepted).label("accepted"),
        func.sum(_GOODS.c.rejected).label("rejected"),
    )
    .group_by(_GOODS.c.supplier_id)
    .cte("quality")
)
_average = func.sum(_MARKET.c.paid).op("/")(func.sum(_MARKET.c.accepted))  # of any magnitude
_others = (
    select(
        _GOODS.c.supplier_id,
        _GOODS.c.paid,
        (_GOODS.c.accepted * _average).label("elsewhere"),
    )
    .join_from(
        _GOODS,
        _MARKET,
        (_MARKET.c.described == _GOODS.c.described)
        & (_MARKET.c.supplier_id != _GOODS.c.supplier_id),
    )
    .where(_GOODS.c.accepted > 0, _MARKET.c.accepted > 0)
    .group_by(_GOODS.c.supplier_id, _GOODS.c.described, _GOODS.c.paid, _GOODS.c.accepted)
    .subquery("others")
)
_PRICES = (
    select(
        _others.c.supplier_id,
        func.sum(_others.c.paid).label("paid"),
        func.sum(_others.c.elsewhere).label("elsewhere"),
    )
    .group_by(_others.c.supplier_id)
    .cte("prices")
)


def _of(facts: Any) -> Any:
    return facts.c.supplier_id == _s.c.id


DELIVERIES = (
    select(
        func.coalesce(_RECEIVED.c.posted, 0),
        func.coalesce(_RECEIVED.c.reversed, 0),
        _RECEIVED.c.days,
        _FIRST.c.days,
        func.coalesce(_RECEIVED.c.expected, 0),
        func.coalesce(_RECEIVED.c.in_time, 0),
        func.coalesce(_QUALITY.c.accepted, 0),
        func.coalesce(_QUALITY.c.rejected, 0),
        _PRICES.c.paid,
        _PRICES.c.elsewhere,
        _s.c.id,
    )
    .join_from(_s, _RECEIVED, _of(_RECEIVED), isouter=True)
    .join(_FIRST, _of(_FIRST), isouter=True)
    .join(_QUALITY, _of(_QUALITY), isouter=True)
    .join(_PRICES, _of(_PRICES), isouter=True)
    .where(_s.c.organization_id == ORGANIZATION, one_of(_s.c.id))
)
