"""The playbook of every failure mode that a reading shows, with the nearest change that would clear it. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from chassis.assessment import Assessment, Remedy, SignalChange
from models.artifact import Artifact
from models.profile import Profile
from models.reading import Reading
from models.remedy import Change, Row, changes


class Remedies:
    """Adds remedies to assessments of one equipment with one artifact. Immutable."""

    def __init__(self, profile: Profile, artifact: Artifact) -> None:
        self._profile, self._compiled = profile, artifact.compiled
        self._threshold = artifact.manifest.thresholds.failure
        self._modes = {mode.name: mode for mode in profile.modes}
        self._advice = {rule.name for rule in profile.rules if rule.advice}

    def added(
        self, assessments: list[Assessment], readings: Sequence[Reading], types: Sequence[int]
    ) -> list[Assessment]:
        """The assessments, in order; those that show a failure mode with their remedies."""
        shown = [(number, modes) for number, each in enumerate(assessments) if (modes := self._shown(each))]
        if not shown:
            return assessments
        rows = [Row(readings[number].values, types[number], modes) for number, modes in shown]
        found = changes(rows, self._threshold, self._profile, self._compiled)
        for (number, modes), by_mode in zip(shown, found, strict=True):
            remedies = [self._remedy(mode, readings[number], by_mode[mode]) for mode in modes]
            assessments[number] = replace(assessments[number], remedies=remedies)
        return assessments

    def _shown(self, assessment: Assessment) -> list[str]:
        """Modes at or above the threshold or with a broken limit; the most likely one when only the whole fails."""
        broken = {rule.mode for rule in assessment.rules if rule.fired and rule.name not in self._advice}
        modes = [name for name, share in assessment.modes.items() if share >= self._threshold or name in broken]
        if not modes and assessment.prediction and assessment.modes:
            return [max(assessment.modes, key=assessment.modes.__getitem__)]
        return modes

    def _remedy(self, name: str, reading: Reading, found: Sequence[Change]) -> Remedy:
        mode = self._modes[name]
        position = self._profile.signal_names.index
        return Remedy(
            mode=name,
            title=mode.title,
            check=list(mode.check),
            act=list(mode.act),
            changes=[
                SignalChange(
                    change.signal.name,
                    change.signal.unit,
                    reading.values[position(change.signal.name)],
                    change.limit,
                    change.side,
                    change.failure_probability,
                )
                for change in found
            ],
        )
