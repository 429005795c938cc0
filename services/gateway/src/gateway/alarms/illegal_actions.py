"""What an operator cannot do, as facts.

IllegalAction
├── NoOpenAlarm          the alarm is over, or never was
├── AlarmMoved           somebody was faster; says who and when
├── AlreadyAcknowledged  acknowledge: it is
├── NotAcknowledged      close: acknowledge first
├── NoteRequired         this action says why
├── UnknownCondition     the policy does not name it
├── WrongDeadline        a shelf or a window must end, later than now and not too late
├── NotShelved           unshelve: it is not
├── AlreadyOutOfService  remove from service: it is
└── NotOutOfService      return to service: it is not out
"""


class IllegalAction(Exception):
    """The action changes nothing. `code` is stable; the text is a sentence for the operator."""

    code = "illegal_action"


class NoOpenAlarm(IllegalAction):
    """The alarm is over, or never was."""

    code = "no_open_alarm"

    def __init__(self, mode: str) -> None:
        super().__init__(f"there is no open {mode} alarm with this id")


class AlarmMoved(IllegalAction):
    """The alarm changed after the caller looked. `version` is what it is now."""

    code = "alarm_moved"

    def __init__(self, version: int, changed_by: str, changed_us: int) -> None:
        super().__init__(f"{changed_by} changed this alarm in the meantime")
        self.version, self.changed_by, self.changed_us = version, changed_by, changed_us


class AlreadyAcknowledged(IllegalAction):
    """Acknowledged twice. Says by whom."""

    code = "already_acknowledged"

    def __init__(self, changed_by: str) -> None:
        super().__init__(f"this alarm is acknowledged already; {changed_by} changed it last")


class NotAcknowledged(IllegalAction):
    """An alarm that nobody has acknowledged cannot be closed: that would hide it unread."""

    code = "not_acknowledged"

    def __init__(self) -> None:
        super().__init__("acknowledge the alarm before you close it")


class NoteRequired(IllegalAction):
    """The action must say why."""

    code = "note_required"

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} needs a note that says why")


class UnknownCondition(IllegalAction):
    """The policy names no such condition."""

    code = "unknown_condition"

    def __init__(self, mode: str) -> None:
        super().__init__(f"the policy names no condition {mode}")


class WrongDeadline(IllegalAction):
    """The end is missing, not later than the start, or too far away."""

    code = "wrong_deadline"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class NotShelved(IllegalAction):
    """Nothing to take off the shelf."""

    code = "not_shelved"

    def __init__(self) -> None:
        super().__init__("this alarm is not shelved")


class AlreadyOutOfService(IllegalAction):
    """Removed twice."""

    code = "already_out_of_service"

    def __init__(self, mode: str) -> None:
        super().__init__(f"{mode} is out of service already")


class NotOutOfService(IllegalAction):
    """Nothing to return to service."""

    code = "not_out_of_service"

    def __init__(self, mode: str) -> None:
        super().__init__(f"{mode} is not out of service")
