"""Whether a decision record still says what was decided, value for value and byte for byte; or where it differs."""

import re
from collections.abc import Callable
from math import isinf
from typing import Any

import msgspec

from chassis.assessment import Assessment
from gateway.alarms.advice import advice_for
from gateway.alarms.decision_record import DecisionRecord, decode_record, leaves, seals_of
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import observation_of
from gateway.alarms.policy import InvalidPolicy
from gateway.alarms.standing_policy import standing

_BYTE = re.compile(r"\(byte (\d+)\)")
# A string, or a run of blanks between tokens.
_STRING_OR_BLANKS = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')
# A string, or anything between the signs of structure; and what of the latter JSON knows.
_STRING_OR_WORD = re.compile(rb'("(?:[^"\\]|\\.)*")|[^\s{}\[\],:"]+')
_WORD = re.compile(rb"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_MISSING = object()


class Difference(msgspec.Struct, frozen=True):
    """The JSON pointer of the first value that does not hold, and why it does not."""

    pointer: str
    why: str


def first_difference(document: bytes, judged_again: Callable[[Assessment], Assessment]) -> Difference | None:
    """The first value of a record that does not hold; None when the record is what was issued, and is true.

    In this order: the document is JSON; every value has its seal; the bytes are those that were issued, blanks between
    tokens aside; `judged_again` gives the assessment again from its inputs; the policy has its digest; the policy and
    what was remembered give the raise again; so does the advice.
    """
    try:
        values = msgspec.json.decode(document.decode())
    except UnicodeDecodeError as error:
        return Difference(pointer_at(document, error.start), f"no JSON: {error}")
    except (msgspec.DecodeError, RecursionError) as error:
        # The decoder says where it stopped, which is often behind what is wrong, and not always.
        found, broken = _BYTE.search(str(error)), _broken_word(document)
        place = min(int(found[1]), broken) if found is not None else broken
        return Difference(pointer_at(document, place), f"no JSON: {error}")
    return _unsealed(values) or _respelled(document, values) or _decided_otherwise(document, judged_again)


def pointer_at(document: bytes, offset: int) -> str:
    """The JSON pointer of the value that byte `offset` belongs to; the document may be broken from there on."""
    stack: list[str | int | None] = []
    in_key, at = False, 0
    while at < offset:
        sign = chr(document[at])
        end = at + 1
        if sign == '"':
            found = _STRING_OR_BLANKS.match(document, at)
            end = found.end() if found is not None else len(document)
            if in_key and end <= offset:
                stack[-1], in_key = document[at + 1 : end - 1].decode(errors="replace"), False
        elif sign in "{[":
            stack.append(None if sign == "{" else 0)
            in_key = sign == "{"
        elif sign in "}]" and stack:
            stack.pop()
        elif sign == "," and stack:
            last = stack[-1]
            in_key = not isinstance(last, int)
            stack[-1] = last + 1 if isinstance(last, int) else last
        at = end
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in stack if key is not None)


def _broken_word(document: bytes) -> int:
    """Where the first word stands that is none of JSON's, or a number that no float can hold; else the end."""
    for found in _STRING_OR_WORD.finditer(document):
        if found[1] is None and (not _WORD.fullmatch(found[0]) or (found[0][-1:].isdigit() and isinf(float(found[0])))):
            return found.start()
    return len(document)


def _unsealed(values: Any) -> Difference | None:
    if not isinstance(values, dict) or not isinstance(seals := values.get("seals"), dict):
        return Difference("/seals", "there are no seals: this is no decision record")
    now = seals_of(values)
    for pointer in [*now, *seals]:
        if now.get(pointer) != seals.get(pointer):
            return Difference(pointer, "this value, or its seal, is not what was issued")
    return None


def _respelled(document: bytes, values: Any) -> Difference | None:
    issued = msgspec.json.encode(values)
    compact = _STRING_OR_BLANKS.sub(lambda found: found[1] or b"", document)
    if compact == issued:
        return None
    pairs = enumerate(zip(compact, issued, strict=False))
    offset = next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(compact), len(issued)))
    return Difference(pointer_at(issued, offset), "this is spelled otherwise than it was issued")


def _decided_otherwise(document: bytes, judged_again: Callable[[Assessment], Assessment]) -> Difference | None:
    try:
        record = decode_record(document)
        policy = standing(record.policy)
    except (msgspec.ValidationError, InvalidPolicy) as error:
        return Difference("", f"this is no decision record: {error}")
    told, again = (
        dict(leaves(msgspec.to_builtins(each))) for each in (record.assessment, judged_again(record.assessment))
    )
    for pointer in [*told, *again]:
        if (mine := again.get(pointer, _MISSING)) != told.get(pointer, _MISSING):
            is_now = "nothing" if mine is _MISSING else msgspec.json.encode(mine).decode()
            return Difference(f"/assessment{pointer}", f"judged again it is {is_now}")
    if policy.digest != record.policy_digest:
        return Difference("/policy_digest", f"the policy has the digest {policy.digest}")
    return _raised_otherwise(record)


def _raised_otherwise(record: DecisionRecord) -> Difference | None:
    _, found = observe(record.before, observation_of(record.assessment), standing(record.policy))
    raised = [index for index, each in enumerate(record.transitions) if each.kind == "raised"]
    for index in raised or [0]:
        if not raised or record.transitions[index] not in found:
            return Difference(f"/transitions/{index}", "decided again, this alarm is not raised like this")
    first = record.transitions[raised[0]]
    if first.alarm_id != record.alarm_id:
        return Difference("/alarm_id", f"the raise is that of {first.alarm_id}")
    if advice_for(first.mode, record.assessment) != record.advice:
        return Difference("/advice", "the assessment gives other advice")
    return None
