"""From the bytes of a request or record to a judged reading or a coded refusal: the same path for every door. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.assessment import Assessment
from inference.predictor import Predictor
from models.plausibility import judge
from models.profile import Profile
from models.reading import Reading, ReadingDecoder
from models.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Judge:
    """Decoder, plausibility check and model of one equipment, in this order."""

    profile: Profile
    decoder: ReadingDecoder
    predictor: Predictor

    def judge(self, bodies: Sequence[bytes], received_at: Sequence[datetime]) -> list[Assessment | Refusal]:
        """One answer per body, in order. All readings that can be judged are scored as one batch."""
        answers: list[Assessment | Refusal | None] = [None] * len(bodies)
        accepted: list[tuple[int, Reading]] = []
        for index, (body, at) in enumerate(zip(bodies, received_at, strict=True)):
            reading = self._admit(body, at)
            if isinstance(reading, Refusal):
                answers[index] = reading
            else:
                accepted.append((index, reading))
        assessments = self.predictor.assess([reading for _, reading in accepted])
        for (index, _), assessment in zip(accepted, assessments, strict=True):
            answers[index] = assessment
        return [answer for answer in answers if answer is not None]

    def _admit(self, body: bytes, received_at: datetime) -> Reading | Refusal:
        reading = self.decoder.decode(body, received_at)
        if isinstance(reading, Refusal):
            return reading
        return judge(reading, self.profile) or reading
