"""What the REST dialects share."""

from rest.kit.answers import File, Redirect
from rest.kit.calls import Asked, Call
from rest.kit.dialects import Described, Dialect, Endpoint, Refusal
from rest.kit.mounts import mount
from rest.kit.pages import NumberedPage, links, page_of

__all__ = [
    "Asked",
    "Call",
    "Described",
    "Dialect",
    "Endpoint",
    "File",
    "NumberedPage",
    "Redirect",
    "Refusal",
    "links",
    "mount",
    "page_of",
]
