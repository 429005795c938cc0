"""The reference for HTTP: a plain FastAPI + scikit-learn service over the same artifact and the same features.

A `def` route, a pydantic model in, one forest pass and one anomaly score per request with scikit-learn itself.
"""

import sys
from pathlib import Path

import joblib
import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from models.features import features
from models.profile import load_profile


class PlainReading(BaseModel):
    model_config = ConfigDict(extra="forbid")

    udi: str
    air_temperature: float
    process_temperature: float
    rotational_speed: float
    torque: float
    tool_wear: float


class PlainAnswer(BaseModel):
    anomaly: bool
    failure_probability: float
    prediction: int


def create_plain_app(artifact: Path) -> FastAPI:
    """The plain application over the joblib files in `artifact`."""
    profile = load_profile("milling")
    scaler = joblib.load(artifact / "scaler.joblib")
    forest = joblib.load(artifact / "failure_model.joblib").set_params(n_jobs=1)
    isolation = joblib.load(artifact / "anomaly_model.joblib").set_params(n_jobs=1)
    columns = list(profile.anomaly_columns)
    app = FastAPI()

    @app.post("/api/predict")
    def predict(reading: PlainReading) -> PlainAnswer:
        values = np.array([[getattr(reading, name) for name in profile.signal_names]])
        matrix = scaler.transform(features(values, np.array([profile.types.index(reading.udi[0])]), profile))
        probability = float(forest.predict_proba(matrix)[0][0, 1])
        score = float(-isolation.score_samples(matrix[:, columns])[0])
        return PlainAnswer(anomaly=score >= 0.6, failure_probability=probability, prediction=int(probability >= 0.5))

    return app


if __name__ == "__main__":
    uvicorn.run(create_plain_app(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="warning", access_log=False)
