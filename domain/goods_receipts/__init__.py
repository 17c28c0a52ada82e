"""Goods receipts: what a supplier delivered for an order, accepted or rejected line by line."""

from domain.goods_receipts.lifecycle import LIFECYCLE, GoodsReceiptStatus
from domain.goods_receipts.lines import GoodsReceiptLine, NewGoodsReceiptLine
from domain.goods_receipts.receipts import GoodsReceipt

__all__ = [
    "LIFECYCLE",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "GoodsReceiptStatus",
    "NewGoodsReceiptLine",
]
