"""Request bodies: JSON of a known shape, or the reason why not."""

from typing import TypeVar

import msgspec
from fastapi import Request

from chassis.problem import FieldError, UnsupportedMediaType
from gateway.problems import MalformedQuery

T = TypeVar("T")
_BREAKS = "\n\t"


async def body_of(request: Request, decoder: msgspec.json.Decoder[T]) -> T:
    """The decoded body. Raises UnsupportedMediaType, MalformedQuery."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType("send application/json")
    try:
        return decoder.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedQuery(f"the body cannot be used: {error}") from error


def text_of(text: str, pointer: str) -> str:
    """What a person wrote, without blanks at its ends. Raises MalformedQuery for control characters."""
    if not all(character.isprintable() or character in _BREAKS for character in text):
        raise MalformedQuery("not a text", errors=[FieldError(pointer, "control characters")])
    return text.strip()
