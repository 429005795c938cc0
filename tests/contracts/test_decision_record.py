"""Decision records, issued by the gateway's rooms over assessments of the real model, checked by `pm-verify`."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random, randrange

import msgspec
import pytest

from chassis.assessment import Assessment
from gateway.alarms.decision_record import Source, encode_record, record_of
from gateway.alarms.line import Raise, close_up, new_line, take
from gateway.alarms.observation import observation_of
from gateway.alarms.policy import default_policy
from gateway.alarms.record_check import first_difference, pointer_at
from gateway.alarms.standing_policy import standing
from inference.predictor import Predictor
from inference.recomputation import Recomputation
from models.artifact import Artifact, load
from models.dataset import simulated
from models.profile import load_profile
from models.reading import Reading
from standalone.verify import run
from tests.server import ROOT

RECORDS = 1_000
PROFILE = load_profile("milling")
START = datetime(2026, 5, 4, tzinfo=UTC)
# Strings, those before a colon with it; numbers and names.
TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*":?|[-+.0-9a-zA-Z]+')


@pytest.fixture(scope="module")
def artifact() -> Artifact:
    return load(ROOT / "models/artifacts/milling", PROFILE)


@pytest.fixture(scope="module")
def records(artifact: Artifact) -> list[bytes]:
    """A thousand alarms of simulated machines: each fails in its own way for twelve seconds."""
    seed = randrange(2**32)
    print("seed", seed)
    random = Random(seed)
    predictor = Predictor(PROFILE, artifact)
    table = simulated(PROFILE, 40_000, seed)
    failing = [row for row in range(len(table)) if table.modes[row, :4].any()]
    found: list[bytes] = []
    for number, row in enumerate(failing * 3):
        kind = PROFILE.types[int(table.type_index[row])]
        readings = [
            _reading(f"{kind}{10_000 + number}", kind, second, tuple(table.values[row].tolist()), random)
            for second in range(0, 14, 2)
        ]
        found += _alarms(predictor.assess(readings), random)
        if len(found) >= RECORDS:
            return found[:RECORDS]
    raise AssertionError(f"only {len(found)} alarms")


def _reading(machine_id: str, kind: str, second: int, values: tuple[float, ...], random: Random) -> Reading:
    """The same row with a little noise in the torque, which is the noise of the sensor."""
    air, process, speed, torque, wear = values
    at = START + timedelta(seconds=second, microseconds=random.randrange(1_000_000))
    shaken = (air, process, speed, max(0.0, round(torque + random.uniform(-0.2, 0.2), 1)), wear)
    return Reading(machine_id, "milling", kind, at, at, f"{machine_id}-{second}", shaken, ())


def _alarms(assessments: list[Assessment], random: Random) -> list[bytes]:
    shipped = default_policy("milling")
    assert shipped is not None
    policy = standing(shipped)
    by_event = {each.event_id: each for each in assessments}
    moved = take(new_line(assessments[0].machine_id), tuple(observation_of(each) for each in assessments), policy)
    closed = close_up(moved.line, 2**62, policy)
    transitions = [*moved.transitions, *closed.transitions]

    def issued(raised: Raise) -> bytes:
        source = Source("pm.assessments", random.randrange(6), random.randrange(10**9))
        own = [each for each in transitions if each.alarm_id == raised.alarm_id]
        assessment = by_event[raised.event_id]
        return encode_record(record_of(raised.alarm_id, source, assessment, shipped, raised.before, own))

    return [issued(raised) for raised in (*moved.raises, *closed.raises)]


@pytest.mark.timeout(300)
def test_a_thousand_records_are_the_same_and_a_tampered_byte_of_each_is_named(
    records: list[bytes], artifact: Artifact
) -> None:
    seed = randrange(2**32)
    print("seed", seed)
    random = Random(seed)
    again = Recomputation(PROFILE, artifact).judged_again
    for document in records:
        assert first_difference(document, again) is None
        values = [token.span() for token in TOKENS.finditer(document) if not token[0].endswith(b":")]
        at = random.randrange(*random.choice(values))
        # Any sign but those that open, part or end something, which would make another structure.
        signs = [byte for byte in range(33, 127) if byte != document[at] and chr(byte) not in '{}[],"\\']
        other = random.choice(signs)
        found = first_difference(document[:at] + bytes([other]) + document[at + 1 :], again)
        where = pointer_at(document, at)
        sealed = where.removeprefix("/seals/").replace("~1", "/").replace("~0", "~")
        assert found is not None
        assert found.pointer in (where, sealed), (at, chr(other), where, found)


def test_the_command_says_same_or_where_it_differs(
    records: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, tampered, other = (tmp_path / f"{name}.json" for name in ("whole", "tampered", "other"))
    whole.write_bytes(records[0])
    tampered.write_bytes(records[0].replace(b'"tool_wear":', b'"tool_wear":1', 1))
    artifact = ["--artifact", str(ROOT / "models/artifacts/milling")]
    assert run([str(whole), *artifact]) == 0
    assert capsys.readouterr().out == f"{whole}: same\n"
    assert run([str(tampered), *artifact]) == 1
    assert "differs at /assessment/signals/tool_wear: " in capsys.readouterr().out
    assert run([str(whole), "--artifact", str(tmp_path)]) == 2
    document = msgspec.json.decode(records[0])
    digest = document["assessment"]["model"]["digest"]
    other.write_bytes(records[0].replace(digest.encode(), b"sha256:" + b"0" * 64))
    assert run([str(other), *artifact]) == 1
    assert "differs at /assessment/model/digest" in capsys.readouterr().out
