"""The state machine: what one reading does to the alarms of its machine. Pure; event time only.

The states and clocks are drawn in docs/alarms.md.
"""

from msgspec.structs import replace

from gateway.alarms.observation import FAILURE, Observation
from gateway.alarms.slot import QUIET, MachineAlarms, Slot
from gateway.alarms.standing_policy import StandingPolicy, Watch
from gateway.alarms.transcript import Transcript
from gateway.alarms.transition import Transition, alarm_id_of


def observe(
    alarms: MachineAlarms, seen: Observation, policy: StandingPolicy
) -> tuple[MachineAlarms, tuple[Transition, ...]]:
    """The alarms after this reading, and what changed, in order.

    Readings come in the order that `gateway.alarms.reordering` gives. A condition that the policy no longer names keeps
    its open alarm until an operator closes it.
    """
    if not alarms.slots and not _any_above(seen, policy):
        return alarms, ()
    transcript = Transcript(alarms, policy.digest, seen)
    slots = alarms.slots.copy()
    explained = is_explained(seen, policy)
    for watch in policy.watches:
        slot = slots.get(watch.mode)
        score = score_of(seen, watch, explained)
        if slot is None:
            if score is None or score < watch.raise_at:
                continue
            slot = QUIET
        slot = _step(slot, watch, score, seen, policy, transcript)
        if slot.is_quiet:
            slots.pop(watch.mode, None)
        else:
            slots[watch.mode] = slot
    return MachineAlarms(alarms.machine_id, transcript.seq, slots), transcript.written


def _any_above(seen: Observation, policy: StandingPolicy) -> bool:
    """A superset of what can start a timer, so that the readings of a quiet machine cost next to nothing."""
    scores = seen.scores
    return bool(seen.fired) or any(scores.get(watch.mode, 0.0) >= watch.raise_at for watch in policy.watches)


def is_explained(seen: Observation, policy: StandingPolicy) -> bool:
    """A failure mode of the policy stands above its limit, so that the failure has a name."""
    for watch in policy.watches:
        if watch.mode in ("anomaly", FAILURE):
            continue
        score = score_of(seen, watch, explained=False)
        if score is not None and score >= watch.raise_at:
            return True
    return False


def score_of(seen: Observation, watch: Watch, explained: bool) -> float | None:
    """None when this reading says nothing about the condition."""
    if not seen.judged:
        return None
    if watch.by_rules:
        return 1.0 if watch.mode in seen.fired else 0.0
    if explained and watch.mode == FAILURE:
        # The alarm of the mode speaks for the failure: one fault, one alarm.
        return 0.0
    return seen.scores.get(watch.mode)


def _step(
    slot: Slot, watch: Watch, score: float | None, seen: Observation, policy: StandingPolicy, transcript: Transcript
) -> Slot:
    slot = _expired(slot, watch.mode, seen.at_us, transcript)
    if score is None or slot.out_of_service or slot.is_suppressed(seen.at_us):
        # Frozen: what the timer has counted is kept, and the time up to the next judged reading will not count.
        return replace(slot, judged_us=None) if slot.judged_us is not None else slot
    slot = _timed(slot, _wants_change(slot, watch, score), seen.at_us, policy.gap_limit_us)
    if slot.is_active:
        slot = _escalated(slot, watch, score, transcript)
        hold_us = max(watch.off_delay_us, policy.chatter_hold_us) if slot.chattering else watch.off_delay_us
        if slot.held_us is not None and slot.held_us >= hold_us:
            slot = _returned(slot, watch.mode, score, transcript)
    elif slot.held_us is not None and slot.held_us >= watch.on_delay_us:
        slot = _raised(slot, watch, score, seen, policy, transcript)
    return _forgotten(slot, seen.at_us, policy)


def _wants_change(slot: Slot, watch: Watch, score: float) -> bool:
    return score < watch.clear_below if slot.is_active else score >= watch.raise_at


def _timed(slot: Slot, wants_change: bool, at_us: int, gap_limit_us: int) -> Slot:
    """Judged time counts only when the reading before was judged, wanted the same, and is no gap away."""
    held_us: int | None = None
    if wants_change:
        held_us = slot.held_us or 0
        if slot.held_us is not None and slot.judged_us is not None:
            passed_us = at_us - slot.judged_us
            held_us += passed_us if passed_us <= gap_limit_us else 0
    return replace(slot, held_us=held_us, judged_us=at_us)


def _raised(
    slot: Slot, watch: Watch, score: float, seen: Observation, policy: StandingPolicy, transcript: Transcript
) -> Slot:
    again = slot.state == "returned_unacknowledged"
    escalated = score >= watch.escalate_at
    changed = replace(
        slot,
        state="unacknowledged",
        alarm_id=slot.alarm_id if again else alarm_id_of(transcript.machine_id, watch.mode, seen.event_id),
        raised_us=slot.raised_us if again else seen.at_us,
        priority=watch.escalated_priority if escalated else watch.priority,
        held_us=None,
        raises=(*slot.raises, seen.at_us)[-policy.chatter_raises :],
        assignee=slot.assignee if again else "",
    )
    reason = f"at or above {watch.raise_at:g} for {watch.on_delay_us / 1e6:g} s"
    changed = transcript.note(slot, changed, watch.mode, "raised_again" if again else "raised", reason, score)
    recent = [at for at in changed.raises if seen.at_us - at <= policy.chatter_within_us]
    if not changed.chattering and len(recent) >= policy.chatter_raises:
        reason = f"{len(recent)} raises within {policy.chatter_within_us / 1e6:g} s"
        return transcript.note(changed, replace(changed, chattering=True), watch.mode, "chatter_began", reason, score)
    return changed


def _returned(slot: Slot, mode: str, score: float, transcript: Transcript) -> Slot:
    after = replace(slot, state="returned_unacknowledged", held_us=None)
    if slot.state == "acknowledged":
        after = replace(after, state="normal", assignee="")
    reason = f"below the limit for {(slot.held_us or 0) / 1e6:g} s"
    after = transcript.note(slot, after, mode, "returned", reason, score)
    if after.chattering:
        after = transcript.note(
            after, replace(after, chattering=False, raises=()), mode, "chatter_ended", reason, score
        )
    if after.one_shot and after.shelved_until_us is not None:
        after = transcript.note(after, unshelved(after), mode, "unshelved", "one-shot, and the alarm returned", score)
    return after


def _escalated(slot: Slot, watch: Watch, score: float, transcript: Transcript) -> Slot:
    if score < watch.escalate_at or slot.priority <= watch.escalated_priority:
        return slot
    reason = f"at or above {watch.escalate_at:g}"
    after = replace(slot, priority=watch.escalated_priority)
    return transcript.note(slot, after, watch.mode, "escalated", reason, score)


def _expired(slot: Slot, mode: str, at_us: int, transcript: Transcript) -> Slot:
    """Shelves and suppressions end at their deadline, judged or not: deadlines are no timers."""
    if slot.shelved_until_us is not None and at_us >= slot.shelved_until_us:
        until_us = slot.shelved_until_us
        slot = transcript.note(slot, unshelved(slot), mode, "unshelved", "expired", at_us=until_us)
    if slot.suppressed_until_us is not None and at_us >= slot.suppressed_until_us:
        until_us = slot.suppressed_until_us
        after = replace(slot, suppressed_from_us=None, suppressed_until_us=None)
        slot = transcript.note(slot, after, mode, "unsuppressed", "the window ended", at_us=until_us)
    return slot


def unshelved(slot: Slot) -> Slot:
    """Off the shelf. An alarm that still stands must be acknowledged again: shelved is not forgotten."""
    state = "unacknowledged" if slot.state == "acknowledged" else slot.state
    return replace(slot, shelved_until_us=None, one_shot=False, state=state)


def _forgotten(slot: Slot, at_us: int, policy: StandingPolicy) -> Slot:
    """Raises too old to count for chatter are dropped, so that a quiet machine needs no memory."""
    if not slot.raises or slot.is_active or at_us - slot.raises[0] <= policy.chatter_within_us:
        return slot
    return replace(slot, raises=tuple(at for at in slot.raises if at_us - at <= policy.chatter_within_us))
