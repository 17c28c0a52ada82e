"""Goods receipts: drafting them, posting them to their order, reversing them."""

from usecases.goods_receipts.drafting import (
    CreateGoodsReceipt,
    DeleteGoodsReceipt,
    UpdateGoodsReceipt,
)
from usecases.goods_receipts.moving import PostGoodsReceipt, ReverseGoodsReceipt

__all__ = [
    "CreateGoodsReceipt",
    "DeleteGoodsReceipt",
    "PostGoodsReceipt",
    "ReverseGoodsReceipt",
    "UpdateGoodsReceipt",
]
