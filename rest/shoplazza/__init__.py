"""The Shoplazza 2022-01 API: procurements."""

from rest.shoplazza.dialect import SHOPLAZZA
from rest.shoplazza.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "SHOPLAZZA"]
