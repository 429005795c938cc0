"""What Prometheus has seen when an alert must fire, and when none may: series in the notation of promtool."""

# What an idle, healthy installation exports; each test changes some of it. Promtool's notation: start+step x times.
HEALTHY = {
    'pm_inference_http_requests_total{namespace="factory",status="200"}': "0+600x4800",
    'pm_gateway_http_requests_total{namespace="factory",status="200"}': "0+600x4800",
    'pm_ingest_http_requests_total{namespace="factory",status="202"}': "0+600x4800",
    'pm_inference_station_lag_records{namespace="factory",topic="pm.readings",partition="0",pod="a"}': "0x4800",
    'pm_gateway_station_lag_records{namespace="factory",topic="pm.assessments",partition="0",pod="a"}': "0x4800",
    'pm_inference_station_heartbeat_timestamp_seconds{namespace="factory",pod="a"}': "0+60x4800",
    'pm_gateway_station_heartbeat_timestamp_seconds{namespace="factory",pod="a"}': "0+60x4800",
    'pm_inference_station_records_total{namespace="factory"}': "0+600x4800",
    'pm_gateway_station_records_total{namespace="factory"}': "0+600x4800",
    'pm_inference_station_rejected_total{namespace="factory",code="out_of_range"}': "0+1x4800",
    'pm_gateway_station_rejected_total{namespace="factory",code="unreadable"}': "0x4800",
    'pm_ingest_readings_unacknowledged_total{namespace="factory"}': "0x4800",
    'pm_inference_model_ready{namespace="factory",pod="a"}': "1x4800",
    'pm_inference_model_info{namespace="factory",pod="a",digest="sha256:1"}': "1x4800",
}
DOORS = {"predict": "inference", "gateway": "gateway", "ingest": "ingest"}


def failing(service: str, per_minute: int) -> dict[str, str]:
    """Requests of one door that end with 500."""
    return {f'pm_{service}_http_requests_total{{namespace="factory",status="500"}}': f"0+{per_minute}x4800"}


def station(service: str, metric: str, labels: str, values: str) -> dict[str, str]:
    return {f'pm_{service}_station_{metric}{{namespace="factory"{labels}}}': values}


def without(*starts: str) -> dict[str, str]:
    """The healthy series without those whose name begins so."""
    return {name: values for name, values in HEALTHY.items() if not name.startswith(starts)}


# Alert, minute at which it is asked for, labels of each instance that fires then, series.
FIRING: list[tuple[str, int, list[dict[str, str]], dict[str, str]]] = [
    *[
        (
            "ErrorBudgetBurns",
            minute,
            [{"door": door, "window": window} for door in DOORS for window in windows],
            HEALTHY | {name: rate for service in DOORS.values() for name, rate in failing(service, errors).items()},
        )
        # Errors per minute beside 600 good requests burn errors / 0.6 times as fast as planned. Slower windows follow a
        # fast burn once it has lasted as long as their `for`.
        for errors, minute, windows in (
            (12, 70, ("1h", "6h", "1d")),
            (6, 400, ("6h", "1d", "3d")),
            (3, 1600, ("1d", "3d")),
            (1, 4650, ("3d",)),
        )
    ],
    *[
        (alert, minute, [{"service": service}], {**base, **change})
        for service, topic, partition in (("inference", "pm.readings", "0"), ("gateway", "pm.assessments", "0"))
        for alert, minute, base, change in (
            (
                "StreamLags",
                20,
                HEALTHY,
                station(service, "lag_records", f',topic="{topic}",partition="{partition}",pod="b"', "10001x100"),
            ),
            (
                "StreamStands",
                20,
                without(f"pm_{service}_station_heartbeat"),
                station(service, "heartbeat_timestamp_seconds", ',pod="a"', "0x100"),
            ),
            ("StreamGone", 20, without(f"pm_{service}_station_heartbeat"), {}),
            ("DeadLetters", 60, HEALTHY, station(service, "rejected_total", ',code="schema"', "0+7x100")),
        )
    ],
    (
        "IngestUnacknowledged",
        20,
        [{"service": "ingest"}],
        without("pm_ingest_readings_unack")
        | {'pm_ingest_readings_unacknowledged_total{namespace="factory"}': "0+5x100"},
    ),
    ("ModelRefused", 10, [{"pod": "b"}], HEALTHY | {'pm_inference_model_ready{namespace="factory",pod="b"}': "0x100"}),
    (
        "ModelsDiffer",
        60,
        [{"service": "inference"}],
        HEALTHY | {'pm_inference_model_info{namespace="factory",pod="b",digest="sha256:2"}': "1x100"},
    ),
]
LONG = 100
# One error in 700 burns the budget of 1 in 1000 more slowly than any page; little traffic proves nothing.
QUIET = [
    ("nothing is wrong", HEALTHY),
    (
        "all of little traffic fails",
        without("pm_inference_http", "pm_gateway_http", "pm_ingest_http")
        | {'pm_inference_http_requests_total{namespace="factory",status="500"}': "0x60 1x4800"},
    ),
    (
        "another namespace burns",
        HEALTHY | {k.replace("factory", "office"): v for k, v in failing("gateway", 90).items()},
    ),
    (
        "one pod of two keeps the partition, the other remembers it",
        HEALTHY | station("inference", "lag_records", ',topic="pm.readings",partition="1",pod="b"', "9999x4800"),
    ),
]
