"""The doors to a judgement: `POST /api/predict` for one reading, `POST /api/predict/batch` for up to a thousand."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from chassis.assessment import Assessment, Judgement, encode
from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, Malformed, UnsupportedMediaType
from inference.answers import BatchAnswer, BatchResult
from inference.door import Judge
from inference.metrics import InferenceMetrics
from inference.problems import ModelNotReady, NotJudgeable, TooManyReadings, not_judgeable
from models.refusal import Refusal

JSON = "application/json"
PREDICT = "/predict"
DOOR = "predict"
MINIMAL = "return=minimal"
APPLIED = {"preference-applied": MINIMAL}
_items = msgspec.json.Decoder(list[msgspec.Raw])
_PROBLEMS = (BodyTooLarge, UnsupportedMediaType, NotJudgeable, ModelNotReady)


class Doors:
    """Translates between HTTP and the judge; `judge` raises ModelNotReady while there is no verified model."""

    def __init__(self, judge: Callable[[], Judge], metrics: InferenceMetrics, max_readings: int) -> None:
        self._judge = judge
        self._metrics = metrics
        self._max_readings = max_readings
        self._express_seconds = metrics.seconds.labels(DOOR)

    def routes(self, prefix: str, example: dict[str, object]) -> APIRouter:
        """The two routes below `prefix`."""
        router = APIRouter(prefix=prefix, tags=["predict"])
        reading = {"$ref": "#/components/schemas/Reading"}
        many = {"type": "array", "items": reading, "minItems": 1, "maxItems": self._max_readings}
        router.add_api_route(
            PREDICT,
            self.predict,
            methods=["POST"],
            response_model=None,
            summary="Judge one reading",
            responses=answers(200, Assessment, _PROBLEMS),
            openapi_extra=request_body(reading, examples={"normal": example}),
        )
        router.add_api_route(
            "/predict/batch",
            self.predict_batch,
            methods=["POST"],
            response_model=None,
            summary="Judge up to 1,000 readings, in order",
            responses=answers(200, BatchAnswer, (*_PROBLEMS, Malformed)),
            openapi_extra=request_body(many, examples={"one": [example]}),
        )
        return router

    async def predict(self, request: Request) -> Response:
        """Judge one reading: failure probability, modes, rules, and the reasons that add up to the probability.

        `Prefer: return=minimal` answers exactly `anomaly`, `failure_probability`, `prediction`.
        """
        _expect_json(request)
        (answer,) = self._judged([await request.body()], DOOR)
        if isinstance(answer, Refusal):
            raise not_judgeable(answer)
        if not _wants_minimal(request):
            return json_response(encode(answer))
        return json_response(encode(_judgement(answer)), headers=APPLIED)

    def express(self, body: bytes) -> bytes | None:
        """What `predict` answers to a reading that can be judged; None for all others, which `predict` refuses."""
        started = time.perf_counter()
        try:
            (answer,) = self._judge().judge((body,), (datetime.now(UTC),))
        except ModelNotReady:
            return None
        if isinstance(answer, Refusal):
            return None
        self._metrics.count(DOOR, answer)
        self._express_seconds.observe(time.perf_counter() - started)
        return encode(answer)

    async def predict_batch(self, request: Request) -> Response:
        """Judge a JSON array of readings. Each result stands on its own: one bad reading refuses nothing but itself.

        `Prefer: return=minimal` answers `anomaly`, `failure_probability`, `prediction` of each.
        """
        _expect_json(request)
        minimal = _wants_minimal(request)
        bodies = self._split(await request.body())
        results = [_result(index, answer, minimal) for index, answer in enumerate(self._judged(bodies, "batch"))]
        return json_response(BatchAnswer(results), headers=APPLIED if minimal else None)

    def _split(self, body: bytes) -> list[bytes]:
        try:
            items = _items.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed("the body must be a JSON array of readings", code="malformed_json") from error
        if not items:
            raise Malformed("the array holds no reading", code="no_readings")
        if len(items) > self._max_readings:
            raise TooManyReadings(f"{len(items)} readings; at most {self._max_readings} are judged at once")
        return [bytes(item) for item in items]

    def _judged(self, bodies: Sequence[bytes], door: str) -> list[Assessment | Refusal]:
        # Scored on the event loop: a reading takes less time than a hop to a thread would.
        started = time.perf_counter()
        found = self._judge().judge(bodies, [datetime.now(UTC)] * len(bodies))
        for answer in found:
            self._metrics.count(door, answer)
        self._metrics.seconds.labels(door).observe(time.perf_counter() - started)
        return found


def _result(index: int, answer: Assessment | Refusal, minimal: bool) -> BatchResult:
    if isinstance(answer, Refusal):
        return BatchResult(index, 422, problem=not_judgeable(answer).document())
    if minimal:
        return BatchResult(index, 200, judgement=_judgement(answer))
    return BatchResult(index, 200, assessment=answer)


def _wants_minimal(request: Request) -> bool:
    return MINIMAL in request.headers.get("prefer", "")


def _judgement(answer: Assessment) -> Judgement:
    return Judgement(answer.anomaly, answer.failure_probability, answer.prediction)


def _expect_json(request: Request) -> None:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != JSON:
        raise UnsupportedMediaType(f"send {JSON}, not {sent[:64] or 'a body without content type'}")
