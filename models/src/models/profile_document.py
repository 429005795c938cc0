"""A YAML document whose every value knows its place: what is wrong is told as `file:line: key: fact`."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml


class ProfileError(ValueError):
    """An equipment profile cannot be used; the message names file, line and key."""


class Range(NamedTuple):
    """A closed interval in the unit of whatever it belongs to."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether `value` lies in the interval, ends included."""
        return self.low <= value <= self.high


class Part:
    """One value of the document: a mapping, a list or a scalar, with the key path that leads to it.

    Mappings remember which keys were asked for; `close()` refuses the others, so that a typo never passes silently.
    """

    def __init__(self, node: yaml.Node, path: str, file: str) -> None:
        self._node = node
        self._path = path
        self._file = file
        self._children: dict[str, Part] | None = None
        self._asked: set[str] = set()

    def refuse(self, fact: str) -> ProfileError:
        """The error to raise: this value's file, line and key path, and `fact`."""
        return ProfileError(f"{self._file}:{self._node.start_mark.line + 1}: {self._path or 'document'}: {fact}")

    def _mapping(self) -> dict[str, "Part"]:
        if self._children is None:
            if not isinstance(self._node, yaml.MappingNode):
                raise self.refuse("expected a mapping")
            self._children = {}
            for key, value in self._node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise self.refuse("a key must be a text")
                part = Part(value, f"{self._path}.{key.value}".lstrip("."), self._file)
                if key.value in self._children:
                    raise part.refuse("given twice")
                self._children[key.value] = part
        return self._children

    def find(self, key: str) -> "Part | None":
        """The value under `key` of a mapping, None if it is not there."""
        self._asked.add(key)
        return self._mapping().get(key)

    def __getitem__(self, key: str) -> "Part":
        part = self.find(key)
        if part is None:
            missing = Part(self._node, f"{self._path}.{key}".lstrip("."), self._file)
            raise missing.refuse("missing")
        return part

    def close(self) -> None:
        """Raises ProfileError if the mapping has a key that nobody asked for."""
        for key, part in self._mapping().items():
            if key not in self._asked:
                raise part.refuse(f"unknown key; known here: {', '.join(sorted(self._asked))}")

    def entries(self) -> Iterator[tuple[str, "Part"]]:
        """The pairs of a mapping with free keys, in document order; at least one."""
        pairs = self._mapping()
        if not pairs:
            raise self.refuse("must not be empty")
        self._asked.update(pairs)
        yield from pairs.items()

    def items(self) -> list["Part"]:
        """The values of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.refuse("expected a list")
        return [Part(node, f"{self._path}[{index}]", self._file) for index, node in enumerate(self._node.value)]

    def text(self) -> str:
        """A text. Raises ProfileError for anything else."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag != "tag:yaml.org,2002:str":
            raise self.refuse("expected a text")
        return str(self._node.value)

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(part.text() for part in self.items())

    def choice(self, *allowed: str) -> str:
        """A text that is one of `allowed`."""
        value = self.text()
        if value not in allowed:
            raise self.refuse(f"expected one of {', '.join(allowed)}")
        return value

    def number(self) -> float:
        """A finite number."""
        numeric = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag not in numeric:
            raise self.refuse("expected a number")
        try:
            value = float(self._node.value)
        except ValueError:  # YAML also knows 0x10, 12:30 and .inf
            value = math.nan
        if not math.isfinite(value):
            raise self.refuse("expected a finite decimal number")
        return value

    def integer(self) -> int:
        """A whole number."""
        value = self.number()
        if value != int(value):
            raise self.refuse("expected a whole number")
        return int(value)

    def flag(self) -> bool:
        """true or false."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag != "tag:yaml.org,2002:bool":
            raise self.refuse("expected true or false")
        return str(self._node.value).lower() in ("true", "yes", "on")

    def number_for_each(self, names: tuple[str, ...]) -> tuple[float, ...]:
        """One number per name, from a mapping of exactly these names; a single number holds for all."""
        if not isinstance(self._node, yaml.MappingNode):
            return (self.number(),) * len(names)
        numbers = tuple(self[name].number() for name in names)
        self.close()
        return numbers

    def range(self) -> Range:
        """A pair [low, high] with low < high."""
        ends = [part.number() for part in self.items()]
        if len(ends) != 2 or not ends[0] < ends[1]:
            raise self.refuse("expected [low, high] with low < high")
        return Range(ends[0], ends[1])


def open_document(path: Path) -> Part:
    """The YAML document in the file `path`. Raises ProfileError if it cannot be read or is no YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProfileError(f"{path.name}:{line}: no valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ProfileError(f"{path.name}:1: no valid YAML: {error}") from error
    if node is None:
        raise ProfileError(f"{path.name}:1: document: empty")
    return Part(node, "", path.name)
