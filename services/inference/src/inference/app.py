"""The only place that constructs and wires inference: the HTTP role and the stream role."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from chassis.assessment import Assessment, Judgement
from chassis.event_log import EventLog, Record
from chassis.http_app import create_http_app
from chassis.openapi import publish_schemas
from chassis.station import Outcome, Station
from chassis.station_metrics import StationMetrics
from chassis.telemetry import Telemetry
from chassis.topics import READINGS, REPLAY_READINGS
from inference.answers import BatchAnswer, ModelDetail, ModelList
from inference.catalog import JsonSchema, model_routes
from inference.metrics import InferenceMetrics
from inference.model import Model
from inference.predict import PREDICT, Doors
from inference.replay_worker import GROUP as REPLAY_GROUP
from inference.replay_worker import ReplayWorker
from inference.scorers import scorers
from inference.settings import InferenceSettings
from inference.worker import GROUP, Worker
from models.profile import Profile, load_profile
from models.schema import json_schema

Handle = Callable[[Sequence[Record]], Outcome]
# So few that a live batch never waits long for the interpreter.
_REPLAY_BATCH = 100


class Inference:
    """One process of inference: profile, model and metrics, shared by whichever roles run in it."""

    version = version("pm-inference")

    def __init__(self, settings: InferenceSettings, telemetry: Telemetry, registry: CollectorRegistry) -> None:
        """Raises ProfileError when the equipment profile is not valid; a refused artifact only makes it not ready."""
        self.settings = settings
        self.telemetry = telemetry
        self.registry = registry
        self.profile = load_profile(settings.equipment)
        self.metrics = InferenceMetrics(registry)
        self.model = Model(settings.artifact, self.profile, self.metrics)

    def http_app(self) -> FastAPI:
        """The serve role."""
        settings, prefix = self.settings, self.settings.prefix
        doors = Doors(self.model.judge, self.metrics, settings.max_readings)
        app = create_http_app(
            title="Predictive maintenance: inference",
            version=self.version,
            prefix=prefix,
            readiness=lambda: self.model.refusal,
            telemetry=self.telemetry,
            metrics=self.metrics.http,
            max_body_bytes=settings.max_body_bytes,
            express={f"{prefix}{PREDICT}": doors.express},
        )
        app.include_router(doors.routes(prefix, _example(self.profile)))
        app.include_router(model_routes(prefix, self.profile, self.model.artifact))
        structs = [Assessment, Judgement, BatchAnswer, ModelList, ModelDetail, JsonSchema]
        publish_schemas(app, structs, {"Reading": json_schema(self.profile)})
        return app

    def stations(self, log: EventLog) -> tuple[Station, Station]:
        """The stream role. Raises ModelNotReady without a verified model.

        The first station has live readings (`pm.readings` in, `pm.assessments` out), the second replayed ones, in small
        batches and at leisure.
        """
        observer = StationMetrics(self.registry, "inference")
        live = Worker(self.model.judge(), self.telemetry, self.metrics)
        found = scorers(self.model.artifact(), self.settings.candidates, self.profile)
        replay = ReplayWorker(found, self.metrics, self.settings.replay_share)

        def station(name: str, group: str, topic: str, handle: Handle, batch: int) -> Station:
            return Station(
                name=name,
                log=log,
                group=group,
                topics=[topic],
                handle=handle,
                clock=lambda: datetime.now(UTC),
                observer=observer,
                telemetry=self.telemetry,
                batch=batch,
            )

        return (
            station("inference", GROUP, READINGS, live.handle, self.settings.batch),
            station("inference-replay", REPLAY_GROUP, REPLAY_READINGS, replay.handle, _REPLAY_BATCH),
        )


def _example(profile: Profile) -> dict[str, object]:
    preset = profile.presets[0]
    return {"udi": preset.machine_id, **dict(zip(profile.signal_names, preset.values, strict=True))}
