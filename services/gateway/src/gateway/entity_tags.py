"""Versions as entity tags: what a change says it has seen."""

import re

from fastapi import Request

from gateway.problems import MalformedQuery, VersionRequired

_TAG = re.compile(r'"(\d{1,18})"')
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of what was seen; without it the answer is 428",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
}


def tag(version: int) -> str:
    """The `ETag` of a version."""
    return f'"{version}"'


def version_of(request: Request) -> int:
    """The version in `If-Match`. Raises VersionRequired, MalformedQuery."""
    if (sent := request.headers.get("if-match")) is None:
        raise VersionRequired("send the ETag of what you have seen as If-Match")
    if (match := _TAG.fullmatch(sent)) is None:
        raise MalformedQuery('If-Match is one ETag, such as "7"')
    return int(match[1])
