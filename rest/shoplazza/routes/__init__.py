"""Every Shoplazza endpoint."""

from typing import Any

from rest.kit import Endpoint
from rest.shoplazza.routes import procurements

ENDPOINTS: list[Endpoint[Any]] = [*procurements.ENDPOINTS]
