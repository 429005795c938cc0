"""The alarm policy of an equipment: a validated document, its canonical bytes and its digest.

A document comes in as JSON and goes out as JSON. Version, author and reason of a change belong to the stored row.
"""

import re
from hashlib import sha256
from importlib import resources
from typing import Literal

import msgspec

from gateway.alarms.observation import ANOMALY, FAILURE

MAX_CONDITIONS = 64
MAX_BYTES = 65_536
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_DAY_S = 86_400.0


class Escalation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At or above the score `at`, an open alarm rises to `priority` without becoming a new alarm."""

    at: float
    priority: int


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When one condition raises and clears. Scores are in [0, 1]; priority 1 is stop now, 2 this shift, 3 plan.

    Raises at or above `raise_at` for `on_delay_s`; clears below `raise_at - dead_band` for `off_delay_s`. With the
    source `rules` the score is 1 while a published limit of the mode is broken, else 0.
    """

    raise_at: float
    dead_band: float
    on_delay_s: float
    off_delay_s: float
    priority: int
    source: Literal["model", "rules"] = "model"
    escalation: Escalation | None = None


class Chatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`raises` within `within_s` is chatter; from then on the alarm clears only after `hold_s` below the limit."""

    raises: int
    within_s: float
    hold_s: float


class Reorder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reading waits up to `window_s` for earlier ones; at most `max_held` wait per machine."""

    window_s: float
    max_held: int


class Costs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money in `currency`: a visit after an alarm, a failure without warning, an hour down.

    `miss_hours_down` is how many hours a failure without warning keeps the machine down.
    """

    currency: str
    visit: float
    miss: float
    hour_down: float
    miss_hours_down: float

    @property
    def unwarned_failure(self) -> float:
        """What a failure without an alarm costs in all."""
        return self.miss + self.miss_hours_down * self.hour_down


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many alarms a shift can take."""

    alarms_per_shift: int
    shift_h: float


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides about alarms of one equipment. `conditions` are failure modes, `failure`, `anomaly`.

    Timers do not run over gaps longer than `gap_limit_s`; a shelf ends after at most `max_shelf_s`; an alarm of a
    priority up to `note_up_to_priority` is acknowledged only with a note.
    """

    format: Literal[1]
    equipment: str
    conditions: dict[str, Condition]
    chatter: Chatter
    reorder: Reorder
    gap_limit_s: float
    max_shelf_s: float
    note_up_to_priority: int
    costs: Costs
    budget: Budget
    min_verdicts: int
    warning_horizon_s: float


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong in a document, and where (JSON pointer)."""

    pointer: str
    detail: str


class InvalidPolicy(Exception):
    """The document is no policy; `faults` names every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.detail}" for fault in faults))
        self.faults = faults


_decoder = msgspec.json.Decoder(Policy)
_encoder = msgspec.json.Encoder(order="sorted")


def decode_policy(document: bytes) -> Policy:
    """The policy in a JSON document. Raises InvalidPolicy with every fault that was found."""
    if len(document) > MAX_BYTES:
        raise InvalidPolicy([Fault("", f"longer than {MAX_BYTES} bytes")])
    try:
        policy = _decoder.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidPolicy([_fault(str(error))]) from error
    if faults := list(faults_of(policy)):
        raise InvalidPolicy(faults)
    return policy


def encode_policy(policy: Policy) -> bytes:
    """Canonical JSON: sorted keys, no spaces. Equal policies give equal bytes."""
    # Once around, because a policy made in code may hold 5 where its document says 5.0.
    return _encoder.encode(_decoder.decode(_encoder.encode(policy)))


def digest_of(policy: Policy) -> str:
    """`sha256:` and the hex digest of the canonical bytes."""
    return f"sha256:{sha256(encode_policy(policy)).hexdigest()}"


def default_policy(equipment: str) -> Policy | None:
    """The policy that ships for an equipment; None when none does."""
    if not _NAME.fullmatch(equipment):
        return None
    document = resources.files("gateway.alarms").joinpath("policies", f"{equipment}.json")
    return decode_policy(document.read_bytes()) if document.is_file() else None


def faults_of(policy: Policy) -> list[Fault]:
    """What types do not tell: ranges, and fields that must fit each other. Empty when the policy can be used."""
    faults = [Fault(pointer, detail) for holds, pointer, detail in _rules(policy) if not holds]
    for name, condition in policy.conditions.items():
        at = f"/conditions/{name}"
        if not _NAME.fullmatch(name):
            faults.append(Fault("/conditions", "a name is 1 to 64 letters, digits, dots, hyphens"))
        faults += [
            Fault(f"{at}/{field}", text) for holds, field, text in _condition_rules(name, condition) if not holds
        ]
    return faults


def _rules(policy: Policy) -> list[tuple[bool, str, str]]:
    chatter, reorder, costs, budget = policy.chatter, policy.reorder, policy.costs, policy.budget
    prices = {name: getattr(costs, name) for name in ("visit", "miss", "hour_down", "miss_hours_down")}
    return [
        (bool(_NAME.fullmatch(policy.equipment)), "/equipment", "is not the name of an equipment"),
        (1 <= len(policy.conditions) <= MAX_CONDITIONS, "/conditions", f"holds 1 to {MAX_CONDITIONS} conditions"),
        (2 <= chatter.raises <= 100, "/chatter/raises", "must be 2 to 100"),
        (0 < chatter.within_s <= _DAY_S, "/chatter/within_s", "must be above 0 and at most a day"),
        (0 <= chatter.hold_s <= _DAY_S, "/chatter/hold_s", "must be 0 to a day"),
        (0 <= reorder.window_s <= 3_600, "/reorder/window_s", "must be 0 to 3600"),
        (1 <= reorder.max_held <= 100_000, "/reorder/max_held", "must be 1 to 100000"),
        (0 < policy.gap_limit_s <= 7 * _DAY_S, "/gap_limit_s", "must be above 0 and at most a week"),
        (0 < policy.max_shelf_s <= 31 * _DAY_S, "/max_shelf_s", "must be above 0 and at most 31 days"),
        (0 <= policy.note_up_to_priority <= 3, "/note_up_to_priority", "must be 0 to 3"),
        *((0 <= price <= 1e12, f"/costs/{name}", "must be 0 or more") for name, price in prices.items()),
        (
            bool(re.fullmatch(r"[A-Z]{3}", costs.currency)),
            "/costs/currency",
            "must be three capital letters (ISO 4217)",
        ),
        (0 <= budget.alarms_per_shift <= 10_000, "/budget/alarms_per_shift", "must be 0 to 10000"),
        (0 < budget.shift_h <= 24, "/budget/shift_h", "must be above 0 and at most 24"),
        (1 <= policy.min_verdicts <= 10_000, "/min_verdicts", "must be 1 to 10000"),
        (0 < policy.warning_horizon_s <= 366 * _DAY_S, "/warning_horizon_s", "must be above 0 and at most a year"),
    ]


def _condition_rules(name: str, condition: Condition) -> list[tuple[bool, str, str]]:
    escalation = condition.escalation
    return [
        (0 < condition.raise_at <= 1, "raise_at", "must be above 0 and at most 1"),
        (0 <= condition.dead_band < condition.raise_at, "dead_band", "must be below raise_at, else it never clears"),
        (0 <= condition.on_delay_s <= _DAY_S, "on_delay_s", "must be 0 to a day"),
        (0 <= condition.off_delay_s <= _DAY_S, "off_delay_s", "must be 0 to a day"),
        (1 <= condition.priority <= 3, "priority", "must be 1, 2 or 3"),
        (condition.source == "model" or name not in (FAILURE, ANOMALY), "source", f"{name} has no published limits"),
        (escalation is None or condition.raise_at <= escalation.at <= 1, "escalation/at", "must be raise_at to 1"),
        (
            escalation is None or 1 <= escalation.priority < condition.priority,
            "escalation/priority",
            "must be more urgent",
        ),
    ]


def _fault(message: str) -> Fault:
    """msgspec names the place as `$.a.b`, and `[...]` for any key; a pointer says `/a/b` and `*`."""
    detail, _, place = message.partition(" - at `")
    return Fault(place.rstrip("`").removeprefix("$").replace("[...]", ".*").replace(".", "/"), detail)
