"""Who acts: the one place that says it. Until there is a sign-in it is the name that the client claims.

A verified identity replaces `actor_of`; nobody else reads the header or the field.
"""

from fastapi import Request

from chassis.problem import FieldError
from gateway.problems import MalformedQuery

HEADER = "actor"
MAX_LENGTH = 64
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Who acts, as claimed; the field `actor` of the body says the same",
    "schema": {"type": "string", "maxLength": MAX_LENGTH},
}


def actor_of(request: Request, field: str | None) -> str:
    """The name, from the header `actor` or from the body's `field`. Raises MalformedQuery without a usable one."""
    named = request.headers.get(HEADER)
    # Headers come as Latin-1; what people type is UTF-8.
    claimed = named.encode("latin-1").decode("utf-8", errors="replace") if named is not None else field
    name = (claimed or "").strip()
    if not name:
        raise MalformedQuery("say who acts", code="actor_required", errors=[FieldError("/actor", "is missing")])
    if len(name) > MAX_LENGTH or not name.isprintable():
        raise MalformedQuery(
            "not a name", errors=[FieldError("/actor", f"1 to {MAX_LENGTH} characters that can be printed")]
        )
    if name == "system":
        # Transitions that no person made carry this name.
        raise MalformedQuery("nobody is called system", errors=[FieldError("/actor", "is taken")])
    return name


def of_work_order(work_order: str, reported_by: str | None) -> str:
    """The name for what another system reports under its signature: its work order, and whom it names.

    Raises MalformedQuery for a name that cannot be used.
    """
    name = (reported_by or "").strip()
    if len(name) > MAX_LENGTH or not name.isprintable():
        raise MalformedQuery(
            "not a name", errors=[FieldError("/actor", f"at most {MAX_LENGTH} characters that can be printed")]
        )
    return f"work order {work_order}" + (f" ({name})" if name else "")
