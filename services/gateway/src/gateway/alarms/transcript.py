"""The transitions that one input causes, numbered as they are written."""

from msgspec.structs import replace

from gateway.alarms.observation import Observation
from gateway.alarms.slot import MachineAlarms, Slot
from gateway.alarms.transition import SYSTEM, Kind, Transition


class Transcript:
    """Collects transitions of one machine. `seen` is the reading that causes them; None for an operator's action."""

    def __init__(
        self, alarms: MachineAlarms, policy_digest: str, seen: Observation | None, actor: str = SYSTEM
    ) -> None:
        self.machine_id, self.seq = alarms.machine_id, alarms.seq
        self._policy_digest, self._seen, self._actor = policy_digest, seen, actor
        self._written: list[Transition] = []

    @property
    def written(self) -> tuple[Transition, ...]:
        """What was noted, in order."""
        return tuple(self._written)

    def note(
        self,
        before: Slot,
        after: Slot,
        mode: str,
        kind: Kind,
        reason: str,
        score: float | None = None,
        at_us: int | None = None,
        until_us: int | None = None,
    ) -> Slot:
        """Write the change down and return `after` with its new version. `at_us` is the reading's unless given."""
        seen = self._seen
        if at_us is None:
            assert seen is not None, "an action names its own time"
            at_us = seen.at_us
        self.seq += 1
        self._written.append(
            Transition(
                seq=self.seq,
                machine_id=self.machine_id,
                mode=mode,
                alarm_id=after.alarm_id,
                kind=kind,
                before=before.state,
                after=after.state,
                at_us=at_us,
                actor=self._actor,
                reason=reason,
                priority=after.priority,
                policy_digest=self._policy_digest,
                event_id=seen.event_id if seen is not None else "",
                score=score,
                model_digest=seen.model_digest if seen is not None else "",
                overlay=before.overlay(at_us),
                until_us=until_us,
                assignee=after.assignee,
            )
        )
        ended = after.state == "normal"
        return replace(
            after,
            alarm_id="" if ended else after.alarm_id,
            priority=0 if ended else after.priority,
            raised_us=None if ended else after.raised_us,
            version=self.seq,
            changed_by=self._actor,
            changed_us=at_us,
        )
