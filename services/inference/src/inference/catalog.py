"""What can be asked about the model itself: which one answers, how good it is, what it expects."""

from collections.abc import Callable

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers
from inference.answers import ModelDetail, ModelList, ModelSummary
from inference.problems import ModelNotReady, UnknownEquipment, UnknownModel
from models.artifact import Artifact
from models.profile import Profile
from models.schema import json_schema


class JsonSchema(msgspec.Struct, frozen=True):
    """A JSON Schema (2020-12) of a reading, with units, ranges, bands, presets, modes and rules as `x-` keys."""


def model_routes(prefix: str, profile: Profile, artifact: Callable[[], Artifact]) -> APIRouter:
    """Routes below `prefix`; `artifact` raises ModelNotReady while there is no verified model."""
    router = APIRouter(prefix=prefix, tags=["models"])
    schema = msgspec.json.encode(json_schema(profile))

    @router.get("/models", responses=answers(200, ModelList, (ModelNotReady,)), summary="The models that answer")
    async def models() -> Response:
        return json_response(ModelList([_summary(artifact(), profile)]))

    @router.get(
        "/models/{name}",
        responses=answers(200, ModelDetail, (UnknownModel, ModelNotReady)),
        summary="Manifest, metrics, reliability curve and rule baseline of a model",
    )
    async def model(name: str) -> Response:
        loaded = artifact()
        if name != loaded.manifest.name:
            raise UnknownModel(f"this installation answers with the model {loaded.manifest.name}")
        return json_response(ModelDetail(loaded.manifest.name, loaded.digest, msgspec.to_builtins(loaded.manifest)))

    @router.get(
        "/schema/{equipment}",
        responses=answers(200, JsonSchema, (UnknownEquipment,), media_type="application/schema+json"),
        summary="What a reading of this equipment must look like",
    )
    async def reading_schema(equipment: str) -> Response:
        if equipment != profile.name:
            raise UnknownEquipment(f"this installation judges {profile.name}")
        return Response(schema, media_type="application/schema+json", headers={"cache-control": "max-age=60"})

    return router


def _summary(artifact: Artifact, profile: Profile) -> ModelSummary:
    manifest = artifact.manifest
    return ModelSummary(
        name=manifest.name,
        version=manifest.version,
        digest=artifact.digest,
        equipment=profile.name,
        trained_on=manifest.data.source,
        rows=manifest.data.rows,
    )
