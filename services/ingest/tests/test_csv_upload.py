"""The upload of a file: patient with an absent door, exact about what was refused, resumable."""

from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from chassis.problem import ProblemDocument
from ingest.csv_file import Door, Pace, UploadError, upload
from ingest.csv_progress import Progress, ProgressFile, digest_and_lines
from ingest.results import ItemResult, ReadingsAnswer, ReadingsProblemDocument
from models.profile import Profile
from services.ingest.tests.samples import ai4i

URL = "http://platform/ingest/readings"
BATCHES_OF_4 = Pace(4, None)
Answer = httpx.Response | httpx.TransportError


class FakeService:
    """Accepts every reading, unless an answer is prepared; remembers the bodies."""

    def __init__(self) -> None:
        self.prepared: list[Answer] = []
        self.refused: set[str] = set()
        self.bodies: list[list[dict[str, object]]] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        readings = [msgspec.json.decode(line, type=dict[str, object]) for line in request.content.split(b"\n")]
        self.bodies.append(readings)
        if self.prepared:
            answer = self.prepared.pop(0)
            if isinstance(answer, httpx.TransportError):
                raise answer
            return answer
        results = [self._result(index, str(each["machine_id"])) for index, each in enumerate(readings)]
        accepted = sum(result.status == 202 for result in results)
        if accepted:
            answer_body = ReadingsAnswer(accepted, len(results) - accepted, results)
            return httpx.Response(202, content=msgspec.json.encode(answer_body))
        return httpx.Response(422, content=msgspec.json.encode(problem(422, results)))

    def _result(self, index: int, machine_id: str) -> ItemResult:
        if machine_id in self.refused:
            return ItemResult(index=index, status=422, code="out_of_range", detail=f"{machine_id} is wrong")
        return ItemResult(index=index, status=202, machine_id=machine_id, event_id="e")

    def door(self, give_up_s: float = 60) -> Door:
        client = httpx.Client(transport=httpx.MockTransport(self))
        return Door(client, URL, give_up_s, self.waits.append)


def problem(status: int, results: list[ItemResult]) -> ReadingsProblemDocument:
    return ReadingsProblemDocument(
        type="urn:pm:problem:x", title="x", status=status, detail="why", code="x", trace_id="0", results=results
    )


Upload = Callable[..., Progress]


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ten rows, M0 to M9."""
    path = tmp_path / "readings.csv"
    path.write_bytes(ai4i(*[f"{row},M{row},M,298.1,308.6,1551,42.8,0,0,0,0,0,0,0" for row in range(10)]))
    return path


@pytest.fixture
def run(service: FakeService, file: Path, tmp_path: Path, profile: Profile) -> Upload:
    def run(pace: Pace = BATCHES_OF_4, give_up_s: float = 60, wait: Callable[[float], None] | None = None) -> Progress:
        notes = ProgressFile(tmp_path / "state" / "progress.json", "job")
        profiles = {"milling": profile}
        door = service.door(give_up_s)
        return upload(file, door, notes, profiles, "milling", pace, wait=wait or service.waits.append)

    return run


def test_a_file_goes_out_in_batches_and_leaves_no_state(run: Upload, service: FakeService, tmp_path: Path) -> None:
    progress = run()
    assert [len(body) for body in service.bodies] == [4, 4, 2]
    assert (progress.rows, progress.accepted, progress.refused) == (10, 10, {})
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.parametrize(
    "fault", [httpx.Response(503, headers={"retry-after": "3"}), httpx.Response(502), httpx.ConnectError("refused")]
)
def test_an_absent_door_is_asked_again_with_the_same_ids(run: Upload, service: FakeService, fault: Answer) -> None:
    service.prepared = [fault, fault]
    progress = run()
    assert service.bodies[0] == service.bodies[1] == service.bodies[2]
    assert all(reading["event_id"] for reading in service.bodies[0])
    assert progress.accepted == 10
    if isinstance(fault, httpx.Response) and fault.status_code == 503:
        assert service.waits[:2] == [3, 3]


def test_pauses_grow_and_the_upload_gives_up_in_the_end(run: Upload, service: FakeService) -> None:
    service.prepared = [httpx.ConnectError("refused")] * 50
    with pytest.raises(UploadError, match=r"does not take readings: refused"):
        run(give_up_s=100)
    assert 100 <= sum(service.waits) < 130
    assert service.waits[0] < 1 < service.waits[4]


def test_an_upload_goes_on_after_the_last_acknowledged_batch(run: Upload, service: FakeService) -> None:
    service.refused = {"M1"}
    with pytest.raises(KeyboardInterrupt):
        run(Pace(4, 4.0), wait=_interrupt_at(2))
    service.bodies, sent = [], service.bodies
    progress = run()
    assert [reading["machine_id"] for body in sent + service.bodies for reading in body] == [f"M{n}" for n in range(10)]
    assert (progress.rows, progress.accepted, progress.refused) == (10, 9, {"out_of_range": 1})


def _interrupt_at(call: int) -> Callable[[float], None]:
    calls: list[float] = []

    def wait(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) > call:
            raise KeyboardInterrupt

    return wait


def test_refused_rows_are_counted_by_code_with_the_first_ones_shown(run: Upload, service: FakeService) -> None:
    service.refused = {"M0", "M4", "M5", "M6", "M7"}
    progress = run()
    assert progress.refused == {"out_of_range": 5}
    summary = progress.summary()
    assert "10 rows: 5 accepted, 5 refused" in summary
    assert "row 1: M0 is wrong" in summary
    assert "row 5: M4 is wrong" in summary
    assert "and 2 more" in summary


def test_a_row_that_is_no_reading_is_counted_without_being_sent(run: Upload, service: FakeService, file: Path) -> None:
    file.write_bytes(ai4i("1,M0,M,298.1,308.6,1551,42.8,0,0,0,0,0,0,0,extra"))
    progress = run()
    assert progress.refused == {"malformed_csv": 1}
    assert service.bodies == []


def test_a_slow_pace_sends_small_batches_on_time(run: Upload, service: FakeService) -> None:
    run(Pace(500, 5.0))
    assert [len(body) for body in service.bodies] == [5, 5]
    assert 0.5 < service.waits[1] <= 1.0


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (httpx.Response(404, text="<html>"), "no door for readings"),
        (httpx.Response(202, text="{}"), "no door for readings"),
        (httpx.Response(202, content=msgspec.json.encode(ReadingsAnswer(0, 0, []))), "answered 0 of 4"),
        (
            httpx.Response(413, content=msgspec.json.encode(ProblemDocument("t", "x", 413, "too big", "c", "0"))),
            "413: too big",
        ),
    ],
)
def test_an_answer_that_is_none_ends_the_upload_with_a_sentence(
    run: Upload, service: FakeService, answer: httpx.Response, sentence: str
) -> None:
    service.prepared = [answer]
    with pytest.raises(UploadError, match=sentence):
        run()


@pytest.mark.parametrize(("content", "sentence"), [(b"a,b\n1,2\n", "column 'a'"), (b"\xff\xfe", "not UTF-8")])
def test_a_file_that_is_no_csv_of_readings_is_refused_before_anything_is_sent(
    run: Upload, service: FakeService, file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(UploadError, match=sentence):
        run()
    assert service.bodies == []


def test_state_of_another_job_or_damaged_state_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    ProgressFile(path, "one").save(Progress("one", rows=7))
    assert ProgressFile(path, "one").load().rows == 7
    assert ProgressFile(path, "two").load().rows == 0
    path.write_bytes(b"{broken")
    assert ProgressFile(path, "one").load().rows == 0


def test_the_digest_is_of_the_content(file: Path) -> None:
    digest, lines = digest_and_lines(file)
    assert (len(digest), lines) == (64, 11)
    file.write_bytes(file.read_bytes() + b"\n")
    assert digest_and_lines(file)[0] != digest
