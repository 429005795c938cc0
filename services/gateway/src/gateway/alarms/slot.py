"""What is remembered of one machine between two readings: one slot per condition that is not plainly quiet."""

import msgspec

from gateway.alarms.transition import ACTIVE, Overlay, State


class Slot(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One condition of one machine. Times in microseconds of event time. New fields go to the end, with a default.

    `held_us` is how long the condition has wanted to change, counted only over judged time without gaps; None while it
    does not. `judged_us` is the reading before, None when that one could not be judged. `raises` are the raises that
    chatter is counted from. `version` is the `seq` of the newest transition, by `changed_by` at `changed_us`.
    """

    state: State = "normal"
    alarm_id: str = ""
    priority: int = 0
    raised_us: int | None = None
    held_us: int | None = None
    judged_us: int | None = None
    raises: tuple[int, ...] = ()
    chattering: bool = False
    shelved_until_us: int | None = None
    one_shot: bool = False
    suppressed_from_us: int | None = None
    suppressed_until_us: int | None = None
    out_of_service: bool = False
    assignee: str = ""
    version: int = 0
    changed_by: str = ""
    changed_us: int = 0

    @property
    def is_active(self) -> bool:
        """The condition stands, whether or not somebody acknowledged it."""
        return self.state in ACTIVE

    def is_suppressed(self, at_us: int) -> bool:
        """A maintenance window covers this instant."""
        start, end = self.suppressed_from_us, self.suppressed_until_us
        return start is not None and end is not None and start <= at_us < end

    def overlay(self, at_us: int) -> Overlay:
        """What hides the alarm at this instant; the strongest when several do."""
        if self.out_of_service:
            return "out_of_service"
        if self.is_suppressed(at_us):
            return "suppressed"
        return "shelved" if self.shelved_until_us is not None else ""

    @property
    def is_quiet(self) -> bool:
        """Nothing to remember: the slot can be dropped."""
        return (
            self.state == "normal"
            and self.held_us is None
            and not self.raises
            and not self.chattering
            and self.shelved_until_us is None
            and self.suppressed_until_us is None
            and not self.out_of_service
        )


class MachineAlarms(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Every condition of one machine that is not quiet, and how many transitions there have been."""

    machine_id: str
    seq: int = 0
    slots: dict[str, Slot] = {}


QUIET = Slot()
_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(MachineAlarms)


def encode_alarms(alarms: MachineAlarms) -> bytes:
    """Canonical MessagePack."""
    return _encoder.encode(alarms)


def decode_alarms(value: bytes) -> MachineAlarms:
    """The alarms in `value`. Raises msgspec.ValidationError or msgspec.DecodeError for anything else."""
    return _decoder.decode(value)
