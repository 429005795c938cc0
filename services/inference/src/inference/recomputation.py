"""A stored assessment judged again from its inputs, with the model at hand. Pure."""

from chassis.assessment import Assessment
from inference.predictor import Predictor
from models.artifact import Artifact
from models.profile import Profile
from models.reading import Reading


class OtherModel(Exception):
    """The assessment cannot be judged again with this model; the text says which one is needed."""


class Recomputation:
    """Judges assessments again with one artifact. Immutable."""

    def __init__(self, profile: Profile, artifact: Artifact) -> None:
        self._profile, self._digest, self._predictor = profile, artifact.digest, Predictor(profile, artifact)

    def judged_again(self, assessment: Assessment) -> Assessment:
        """What the model says of the same inputs: equal to `assessment` when nothing has changed. Raises OtherModel."""
        profile, model = self._profile, assessment.model
        if model.digest != self._digest:
            raise OtherModel(f"it was judged by {model.name} {model.version}, {model.digest}; this is {self._digest}")
        if assessment.equipment != profile.name or tuple(assessment.signals) != profile.signal_names:
            raise OtherModel(f"it is of a {assessment.equipment}, this is the profile of a {profile.name}")
        if assessment.product_type not in profile.types:
            raise OtherModel(f"the profile knows no type {assessment.product_type}")
        reading = Reading(
            assessment.machine_id,
            assessment.equipment,
            assessment.product_type,
            assessment.observed_at,
            assessment.received_at,
            assessment.event_id,
            tuple(assessment.signals.values()),
            tuple(assessment.assumptions),
        )
        (again,) = self._predictor.assess([reading])
        return again
