"""Validators of Kubernetes objects: the strict schemas of each version, and closed ones of custom resources."""

import functools
import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from charts.tools.kit import SCHEMAS, STRIMZI
from charts.tools.modules import DEFINITIONS

VERSIONS = ("1.30", "1.34", "1.35", "1.36", "1.37")


def custom() -> dict[str, Path]:
    """The files of the custom resources' definitions, by their kinds in lower case."""
    return {file.stem: file for folder in (STRIMZI, DEFINITIONS) for file in sorted(folder.glob("*.yaml"))}


@functools.cache
def _kubernetes(version: str, kind: str, api: str) -> jsonschema_rs.Draft202012Validator:
    folder = SCHEMAS / version
    short = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api)
    schema = json.loads((folder / f"{kind.lower()}-{short}.json").read_text())
    definitions = json.loads((folder / "_definitions.json").read_text())
    registry = jsonschema_rs.Registry([(definitions["$id"], definitions)])
    return jsonschema_rs.Draft202012Validator(schema, registry=registry)


@functools.cache
def _custom(kind: str, api: str) -> jsonschema_rs.Draft202012Validator:
    definition = yaml.safe_load(custom()[kind.lower()].read_text())["spec"]
    (version,) = [v for v in definition["versions"] if f"{definition['group']}/{v['name']}" == api and v["served"]]
    schema = _closed(version["schema"]["openAPIV3Schema"])
    # The API server's own part of every object.
    schema["properties"] |= {"apiVersion": {"const": api}, "kind": {"const": kind}}
    schema["properties"]["metadata"] = {"type": "object"}
    return jsonschema_rs.Draft202012Validator(schema)


def _closed(schema: Any) -> Any:
    """A structural schema as the API server applies it strictly: unknown fields are errors."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _closed(value) for key, value in schema.items()}
    open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and "type" in schema and not open_ended:
        result["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        result.pop("type", None)
        result["type"] = ["integer", "string"]
    return result


def errors(o: dict[str, Any], version: str) -> list[str]:
    """What is wrong with an object for one Kubernetes version; empty when it is right. A kind without schema raises."""
    kind, api = o["kind"], o["apiVersion"]
    validator = _custom(kind, api) if kind.lower() in custom() else _kubernetes(version, kind, api)
    return [
        f"{o['kind']}/{o['metadata']['name']}: {'/'.join(map(str, e.instance_path))}: {e.message}"
        for e in validator.iter_errors(o)
    ]
