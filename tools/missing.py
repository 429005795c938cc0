"""What a laptop lacks."""


class ToolMissing(Exception):
    """A program that is needed is not installed; the message says which and how to get it."""
