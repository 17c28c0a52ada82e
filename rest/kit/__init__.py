"""What the REST dialects share."""

from rest.kit.answers import File
from rest.kit.calls import Asked, Call
from rest.kit.dialects import Dialect, Endpoint, Refusal
from rest.kit.mounts import mount
from rest.kit.pages import NumberedPage, links

__all__ = [
    "Asked",
    "Call",
    "Dialect",
    "Endpoint",
    "File",
    "NumberedPage",
    "Refusal",
    "links",
    "mount",
]
