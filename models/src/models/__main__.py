"""`pm-models`: simulate rows, train and pack a model, evaluate it against its bars, verify and inspect an artifact."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from tqdm import tqdm

from models.artifact import ArtifactError, load
from models.bars import Bar, bars
from models.building import build, steps
from models.csv_table import read_csv
from models.dataset import Dataset, DatasetError, simulated
from models.manifest import Manifest
from models.profile import Profile, ProfileError, load_profile
from models.report import html_report
from models.study import FIRST_SEED, SIMULATED_ROWS, SIMULATION_SEED, models_needed, study

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Equipment = Annotated[str, typer.Option(help="Equipment profile: a name that ships with the package, or a YAML file.")]


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="CSV file to write.")],
    rows: Annotated[int, typer.Option(min=1, help="Rows to simulate.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same rows.")] = SIMULATION_SEED,
    equipment: Equipment = "milling",
) -> None:
    """Write simulated, labelled rows with the column names of the AI4I file."""
    profile = load_profile(equipment)
    _write_csv(simulated(profile, rows, seed), profile, out)
    print(f"{rows} rows written to {out}")


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Directory of the artifact; replaced if it is there.")],
    data: Annotated[Path | None, typer.Option(help="CSV file to train on; default: simulated rows.")] = None,
    rows: Annotated[int, typer.Option(min=1_000, help="Simulated rows, when no CSV file is given.")] = SIMULATED_ROWS,
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = FIRST_SEED,
    equipment: Equipment = "milling",
) -> None:
    """Train on simulated rows or on a CSV file, check the model and pack it."""
    profile = load_profile(equipment)
    table = read_csv(data, profile) if data else simulated(profile, rows, SIMULATION_SEED)
    print(f"training on {len(table)} rows, {int(table.failure.sum())} failures: {table.source}")
    with tqdm(total=steps(table), desc="trees", unit="tree") as progress:
        build(table, profile, seed, datetime.now(UTC), out, progress.update)
    print(_summary(load(out, profile).manifest))
    print(f"packed in {out}")


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="CSV file with labels.")],
    check: Annotated[bool, typer.Option("--bars", help="Print figure, bar and counts; exit 1 when one fails.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="One repeat of the cross-validation instead of three.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="HTML report to write.")] = None,
    json: Annotated[Path | None, typer.Option(help="JSON file to write.")] = None,
    equipment: Equipment = "milling",
) -> None:
    """Cross-validate on a CSV file, shuffled and blocked; test a model trained on simulation; grade explanations."""
    profile = load_profile(equipment)
    table = read_csv(data, profile)
    repeats = 1 if quick else 3
    with tqdm(total=models_needed(repeats), desc="models", unit="model") as progress:
        found = study(table, profile, repeats, progress.update)
    judged = bars(found)
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode({"study": found, "bars": judged}), indent=1))
    if report is not None:
        report.write_text(html_report(found, judged, profile), encoding="utf-8")
    print(_table(judged))
    if check and not all(bar.passed for bar in judged):
        raise typer.Exit(1)


@app.command()
def verify(
    directory: Annotated[Path, typer.Argument(help="Directory of the artifact.")], equipment: Equipment = "milling"
) -> None:
    """Check an artifact as a service does before it serves: hashes, versions, features, golden answers."""
    artifact = load(directory, load_profile(equipment))
    print(f"{directory} is sound: {artifact.manifest.name} {artifact.manifest.version}, {artifact.digest}")


@app.command()
def inspect(
    directory: Annotated[Path, typer.Argument(help="Directory of the artifact.")], equipment: Equipment = "milling"
) -> None:
    """Verify an artifact and say what is in it."""
    print(_summary(load(directory, load_profile(equipment)).manifest))


def main() -> None:
    """Run the command; what the user can put right is one sentence on stderr and exit code 2."""
    try:
        app()
    except (ProfileError, DatasetError, ArtifactError, OSError) as error:
        print(f"pm-models: {error}", file=sys.stderr)
        sys.exit(2)


def _write_csv(rows: Dataset, profile: Profile, out: Path) -> None:
    header = ["Product ID", "Type", *(f"{signal.title} [{signal.unit}]" for signal in profile.signals)]
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "Machine failure", *profile.mode_names])
        for number, values in enumerate(rows.values.tolist()):
            kind = profile.types[rows.type_index[number]]
            signals = [f"{value:.{signal.decimals}f}" for value, signal in zip(values, profile.signals, strict=True)]
            modes = rows.modes[number].astype(int).tolist()
            writer.writerow([f"{kind}{10_000 + number}", kind, *signals, int(rows.failure[number]), *modes])


def _table(judged: list[Bar]) -> str:
    lines = [f"{'figure':<34} {'is':>7}   {'bar':>7}          counts"]
    for bar in judged:
        limit = f"{bar.sign} {bar.limit:g}" if bar.limit is not None else "stated"
        word = "" if bar.limit is None else "pass" if bar.passed else "FAIL"
        lines.append(f"{bar.name:<34} {bar.figure:>7.4f}   {limit:>7}   {word:<4}   {bar.counts}")
    return "\n".join(lines)


def _summary(manifest: Manifest) -> str:
    metrics, data = manifest.metrics, manifest.data
    alarm, rules = metrics.alarm, metrics.rule_baseline
    modes = ", ".join(f"{mode.mode} {mode.found}/{mode.failures}" for mode in metrics.modes)
    return "\n".join(
        [
            f"model       {manifest.name} {manifest.version}",
            f"trained on  {data.source}: {data.rows} rows, {data.failures} failures, {data.digest[:19]}…",
            f"measured    {metrics.method}: {metrics.rows} rows, {metrics.failures} failures",
            f"failure     F1 {alarm.f1:.3f} ({alarm.found} found, {alarm.missed} missed, {alarm.false_alarms} false), "
            f"PR-AUC {metrics.pr_auc:.3f}, Brier {metrics.brier:.4f}, ECE {metrics.ece:.4f}",
            f"rules alone F1 {rules.f1:.3f} ({rules.found} found, {rules.missed} missed, {rules.false_alarms} false)",
            f"found       {modes}",
            f"anomaly     ROC-AUC {metrics.anomaly.roc_auc:.3f}, PR-AUC {metrics.anomaly.pr_auc:.3f}, "
            f"flags {metrics.anomaly.flagged_normal} normal rows and {metrics.anomaly.flagged_failures} failures",
            f"thresholds  failure {manifest.thresholds.failure:g}, anomaly {manifest.thresholds.anomaly:g}",
            f"libraries   {', '.join(f'{name} {version}' for name, version in manifest.libraries.items())}",
            f"golden      {len(manifest.golden)} readings",
        ]
    )


if __name__ == "__main__":
    main()
