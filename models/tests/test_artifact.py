"""A damaged artifact is refused before a single byte of it is unpickled."""

import hashlib
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import joblib
import msgspec
import pytest

from models.artifact import ArtifactError, load
from models.manifest import FileEntry, Manifest, decode, encode, seal
from models.profile import Profile

FOREST = "failure_model.joblib"


class Canary:
    """Unpickling it writes a file: proof that somebody did."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


@pytest.fixture
def artifact(small_artifact: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    copy = tmp_path / "milling"
    shutil.copytree(small_artifact, copy)
    return copy


def edit(directory: Path, change: Callable[[Manifest], Manifest], *, reseal: bool) -> None:
    path = directory / "manifest.json"
    changed = change(decode(path.read_bytes()))
    path.write_bytes(encode(seal(changed) if reseal else changed))


def plant_canary(directory: Path) -> Path:
    """Replace the forest by a canary that the manifest vouches for; the file it would write."""
    trace = directory.parent / "unpickled"
    body = pickle.dumps(Canary(trace))
    (directory / FOREST).write_bytes(body)
    entry = FileEntry(hashlib.sha256(body).hexdigest(), len(body))
    edit(
        directory,
        lambda manifest: msgspec.structs.replace(manifest, files={**manifest.files, FOREST: entry}),
        reseal=True,
    )
    return trace


def flip_bit(directory: Path) -> None:
    body = bytearray((directory / FOREST).read_bytes())
    body[len(body) // 2] ^= 1
    (directory / FOREST).write_bytes(bytes(body))


def truncate(directory: Path) -> None:
    body = (directory / FOREST).read_bytes()
    (directory / FOREST).write_bytes(body[:-1])


def remove(directory: Path) -> None:
    (directory / FOREST).unlink()


def wrong_hash(directory: Path) -> None:
    def change(manifest: Manifest) -> Manifest:
        entry = msgspec.structs.replace(manifest.files[FOREST], sha256="0" * 64)
        return msgspec.structs.replace(manifest, files={**manifest.files, FOREST: entry})

    edit(directory, change, reseal=True)


def other_library(directory: Path) -> None:
    def change(manifest: Manifest) -> Manifest:
        return msgspec.structs.replace(manifest, libraries={**manifest.libraries, "scikit-learn": "1.0.0"})

    edit(directory, change, reseal=True)


def other_features(directory: Path) -> None:
    edit(
        directory,
        lambda manifest: msgspec.structs.replace(manifest, features=manifest.features[::-1]),
        reseal=True,
    )


def golden_answer(directory: Path) -> None:
    def change(manifest: Manifest) -> Manifest:
        first = msgspec.structs.replace(manifest.golden[0], failure_probability=0.123)
        return msgspec.structs.replace(manifest, golden=[first, *manifest.golden[1:]])

    edit(directory, change, reseal=False)


DAMAGE: dict[Callable[[Path], None], str] = {
    flip_bit: FOREST,
    truncate: FOREST,
    remove: FOREST,
    wrong_hash: FOREST,
    other_library: "scikit-learn 1.0.0",
    other_features: "features",
    golden_answer: "changed after it was written",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_named_and_nothing_is_unpickled(
    artifact: Path, profile: Profile, damage: Callable[[Path], None]
) -> None:
    trace = plant_canary(artifact)
    damage(artifact)
    with pytest.raises(ArtifactError, match=DAMAGE[damage]):
        load(artifact, profile)
    assert not trace.exists()


def test_the_canary_would_have_sung(artifact: Path) -> None:
    trace = plant_canary(artifact)
    joblib.load(artifact / FOREST)
    assert trace.exists()


def test_a_golden_answer_that_no_longer_holds_is_refused_after_loading(artifact: Path, profile: Profile) -> None:
    def change(manifest: Manifest) -> Manifest:
        first = msgspec.structs.replace(manifest.golden[0], failure_probability=0.123)
        return msgspec.structs.replace(manifest, golden=[first, *manifest.golden[1:]])

    edit(artifact, change, reseal=True)
    with pytest.raises(ArtifactError, match="does not answer as it did"):
        load(artifact, profile)


def test_a_sound_artifact_loads(artifact: Path, profile: Profile) -> None:
    assert load(artifact, profile).manifest.name == "milling"
