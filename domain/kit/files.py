"""Files that are kept elsewhere: a name, and where to fetch them."""

from domain.kit import checks
from domain.kit.errors import RuleBroken

FILE_TYPES = frozenset({"pdf", "doc", "docx", "xls", "xlsx", "png", "jpg", "jpeg"})


def problems_of(name: str, url: str) -> list[RuleBroken]:
    """What is wrong with a link to a file."""
    _, dot, ending = name.rpartition(".")
    return checks.found(
        checks.text(name, ("name",), most=255, required=True),
        RuleBroken("files of the type {ending} are not accepted", path=("name",), ending=ending)
        if dot and ending.lower() not in FILE_TYPES
        else None,
        checks.text(url, ("url",), most=2000, required=True),
        None
        if url.startswith(("https://", "http://"))
        else RuleBroken("this must begin with https:// or http://", path=("url",)),
    )
