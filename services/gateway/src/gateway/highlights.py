"""What a list or a live frame shows of an assessment: its most likely failure mode and its strongest reason."""

from chassis.assessment import Assessment, Reason


def top_mode(assessment: Assessment) -> str | None:
    """The failure mode with the highest probability; None when all are zero. Ties go to the first named."""
    if not assessment.modes:
        return None
    mode = max(assessment.modes, key=assessment.modes.__getitem__)
    return mode if assessment.modes[mode] > 0 else None


def top_reason(assessment: Assessment) -> Reason | None:
    """The cause that added most to the failure probability; None when nothing added to it."""
    reason = max(assessment.reasons, key=lambda r: r.contribution, default=None)
    return reason if reason is not None and reason.contribution > 0 else None
