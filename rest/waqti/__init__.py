"""The Waqti v1 API: purchase orders and vendors."""

from rest.waqti.dialect import WAQTI
from rest.waqti.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "WAQTI"]
