"""The alarm line of one machine: readings in order of arrival in, transitions out.

The bytes of a line are what the store keeps per machine; a replay starts from an empty one.
"""

import msgspec

from gateway.alarms.actions import Action, act
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import Observation
from gateway.alarms.reordering import Ordered, Waiting, admit, settle
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.standing_policy import StandingPolicy
from gateway.alarms.transition import Transition


class Basis(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The newest reading of the history, the `count`-th. In a replay an action comes right after its basis."""

    count: int = 0
    at_us: int | None = None
    event_id: str = ""


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Everything that is remembered of one machine's alarms."""

    alarms: MachineAlarms
    waiting: Waiting = Waiting()
    basis: Basis = Basis()


class Raise(msgspec.Struct, frozen=True, gc=False):
    """An alarm that was raised: by which assessment, and what was remembered of the machine before that one."""

    alarm_id: str
    event_id: str
    before: MachineAlarms


class Moved(msgspec.Struct, frozen=True, gc=False):
    """What an input did: the line after it, the transitions in order, and the readings that came too late to count."""

    line: Line
    transitions: tuple[Transition, ...]
    late: tuple[Observation, ...] = ()
    raises: tuple[Raise, ...] = ()


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(Line)


def new_line(machine_id: str) -> Line:
    """A machine that has not been heard of."""
    return Line(MachineAlarms(machine_id))


def take(line: Line, arrived: tuple[Observation, ...], policy: StandingPolicy) -> Moved:
    """Readings of this machine, in order of arrival."""
    return _through(line, admit(line.waiting, arrived, policy), policy)


def close_up(line: Line, now_us: int, policy: StandingPolicy) -> Moved:
    """The machine has fallen silent: what still waits takes effect. See `reordering.settle`."""
    return _through(line, settle(line.waiting, now_us), policy)


def apply(line: Line, action: Action, policy: StandingPolicy) -> Moved:
    """An operator's action, at once. Raises IllegalAction, and then nothing has changed."""
    alarms, transitions = act(line.alarms, action, policy)
    return Moved(Line(alarms, line.waiting, line.basis), transitions)


def encode_line(line: Line) -> bytes:
    """Canonical MessagePack: equal lines give equal bytes."""
    return _encoder.encode(line)


def decode_line(value: bytes) -> Line:
    """The line in `value`. Raises msgspec.ValidationError or msgspec.DecodeError for anything else."""
    return _decoder.decode(value)


def _through(line: Line, ordered: Ordered, policy: StandingPolicy) -> Moved:
    alarms, transitions, raises = line.alarms, list[Transition](), list[Raise]()
    for seen in ordered.ready:
        before = alarms
        alarms, found = observe(before, seen, policy)
        if found:
            transitions += found
            raises += [Raise(each.alarm_id, each.event_id, before) for each in found if each.kind == "raised"]
    basis = line.basis
    if ordered.ready:
        last = ordered.ready[-1]
        basis = Basis(basis.count + len(ordered.ready), last.at_us, last.event_id)
    return Moved(Line(alarms, ordered.waiting, basis), tuple(transitions), ordered.late, tuple(raises))
