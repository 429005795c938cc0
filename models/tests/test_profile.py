"""The equipment profile: what ships is right, what is wrong is told with file, line and key."""

from pathlib import Path

import pytest

import models.profile
from models.profile import ProfileError, load_profile

SHIPPED = Path(models.profile.__file__).parent / "profiles" / "milling.yaml"


def rejected(tmp_path: Path, old: str, new: str) -> tuple[str, int]:
    """The error for milling.yaml with `old` replaced once by `new`, and the number of the line that was changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "milling.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    return str(caught.value), text[: text.index(old)].count("\n") + 1


def test_milling_profile_names_signals_features_and_modes_in_order() -> None:
    profile = load_profile("milling")
    signals = ("air_temperature", "process_temperature", "rotational_speed", "torque", "tool_wear")
    physics = ("power", "temperature_difference", "strain", "strain_ratio")
    assert profile.signal_names == signals
    assert profile.feature_names == (*signals, "type_L", "type_M", "type_H", *physics)
    assert profile.types == ("L", "M", "H")
    assert profile.mode_names == ("TWF", "HDF", "PWF", "OSF", "RNF")
    assert [mode.name for mode in profile.predicted_modes] == ["TWF", "HDF", "PWF", "OSF"]
    assert [profile.feature_names[column] for column in profile.anomaly_columns] == list(physics[:3])


def test_every_mode_has_a_playbook_and_its_causes_are_causes_of_features() -> None:
    profile = load_profile("milling")
    causes = {feature.cause for feature in profile.features}
    for mode in profile.modes:
        assert mode.check
        assert mode.act
        assert set(mode.causes) <= causes


def test_a_profile_can_be_loaded_from_a_path() -> None:
    assert load_profile(SHIPPED).name == load_profile(str(SHIPPED)).name == "milling"


@pytest.mark.parametrize(
    ("old", "new", "offset", "rest"),
    [
        ("    unit: rpm\n", "", -1, "signals.rotational_speed.unit: missing"),
        ("    unit: rpm", "    unit: 7", 0, "signals.rotational_speed.unit: expected a text"),
        ("    unit: rpm", "    unit: rpm\n    unti: rpm", 1, "signals.rotational_speed.unti: unknown key"),
        ("    unit: rpm", "    unit: rpm\n    unit: rpm", 1, "signals.rotational_speed.unit: given twice"),
        ("plausible: [500.0, 6000.0]", "plausible: [6000, 500]", 0, "signals.rotational_speed.plausible: expected ["),
        ("plausible: [500.0, 6000.0]", "plausible: [500]", 0, "signals.rotational_speed.plausible: expected ["),
        ("plausible: [500.0, 6000.0]", "plausible: 500", 0, "signals.rotational_speed.plausible: expected a list"),
        ("envelope: [1150.0, 2900.0]", "envelope: [1, 2900.0]", 0, "signals.rotational_speed.envelope: must lie"),
        ("decimals: 1", "decimals: 1.5", 0, "signals.air_temperature.decimals: expected a whole number"),
        ("decimals: 1", "decimals: .inf", 0, "signals.air_temperature.decimals: expected a finite"),
        ("decimals: 1", "decimals: 0x1", 0, "signals.air_temperature.decimals: expected a finite"),
        ("decimals: 1", "decimals: many", 0, "signals.air_temperature.decimals: expected a number"),
        ("not_below: air_temperature", "not_below: pressure", 0, "signals.process_temperature.not_below: unknown name"),
        ("of: [torque, rotational_speed]", "of: [torque]", 0, "features.power.of: power needs 2 names"),
        ("of: [torque, rotational_speed]", "of: [torque, rpm]", 0, "features.power.of[1]: unknown name rpm"),
        ("kind: difference", "kind: quotient", 0, "features.temperature_difference.kind: expected one of"),
        ("limit_of: overstrain", "limit_of: strain", 0, "features.strain_ratio.limit_of: unknown name strain"),
        ("anomaly: true\n  temperature", "anomaly: 1\n  temperature", 0, "features.power.anomaly: expected true"),
        ("mode: HDF", "mode: HFD", 0, "rules.heat_dissipation.mode: unknown name HFD"),
        ("M: 12000.0, H: 13000.0", "M: 12000.0", 0, "rules.overstrain.limit.H: missing"),
        ("causes: [wear]", "causes: [rust]", 0, "modes.TWF.causes[0]: unknown name rust"),
        ("anomaly: 0.6}", "anomaly: 1.6}", 0, "thresholds.anomaly: must lie between 0 and 1"),
        ("torque: 4.6", "torque: 460", 0, "presets.power.signals.torque: outside the plausible range"),
        ("L: 0.6, M: 0.3", "L: 0.7, M: 0.3", 0, "simulation.type_shares: must add up to 1"),
        ("name: milling", "name: milling 1", 0, "name: a name is"),
        ("name: milling", "[a]: milling", 0, "document: a key must be a text"),
        ("  torque:\n    title", "  udi:\n    title", 1, "signals.udi: this name is taken"),
    ],
)
def test_a_wrong_profile_is_refused_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, offset: int, rest: str
) -> None:
    message, line = rejected(tmp_path, old, new)
    assert message.startswith(f"milling.yaml:{line + offset}: {rest}"), message


def test_broken_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    message, line = rejected(tmp_path, "name: milling", "name: [milling")
    assert message.startswith(f"milling.yaml:{line + 1}: no valid YAML")


def test_an_empty_file_and_a_missing_profile_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.touch()
    with pytest.raises(ProfileError, match=r"empty\.yaml:1: document: empty"):
        load_profile(empty)
    with pytest.raises(ProfileError, match=r"drill\.yaml: cannot be read"):
        load_profile("drill")
