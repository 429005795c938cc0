"""One Ingress, or one route, for one host: the paths, the classes, TLS, and nothing that belongs to one controller."""

from typing import Any

import pytest

from tests.chart.rendering import DATABASE, HOST, PLATFORM, PLATFORM_CASES, case, objects, of_kind

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
ROUTES = {"/api": "inference-serve", "/gateway": "gateway", "/": "web"}


def ingress_of(*files: str, **values: Any) -> dict[str, Any]:
    values = {"database": DATABASE, **values, "ingress": {"enabled": True, **HOST, **values.get("ingress", {})}}
    (found,) = of_kind(objects(case(PLATFORM, *files, **values)), "Ingress")
    return found


def routes_of(ingress: dict[str, Any]) -> dict[str, str]:
    (rule,) = ingress["spec"]["rules"]
    assert rule["host"] == HOST["host"]
    paths = rule["http"]["paths"]
    assert all(path["pathType"] == "Prefix" for path in paths)
    return {p["path"]: p["backend"]["service"]["name"].removeprefix("plant-predictive-maintenance-") for p in paths}


def test_one_ingress_sends_each_path_to_its_service() -> None:
    assert routes_of(ingress_of()) == ROUTES
    assert routes_of(ingress_of(ingest={"edge": True})) == {**ROUTES, "/ingest": "ingest"}


def test_every_backend_is_a_service_with_a_port_of_that_name() -> None:
    for what in PLATFORM_CASES:
        found = objects(what)
        ports = {o["metadata"]["name"]: {p["name"] for p in o["spec"]["ports"]} for o in of_kind(found, "Service")}
        for ingress in of_kind(found, "Ingress"):
            for path in ingress["spec"]["rules"][0]["http"]["paths"]:
                service = path["backend"]["service"]
                assert service["port"]["name"] in ports[service["name"]], what.name


def test_the_class_and_tls_are_the_users() -> None:
    plain = ingress_of()
    assert "ingressClassName" not in plain["spec"], "an empty name would match no class"
    assert "tls" not in plain["spec"]
    assert "annotations" not in plain["metadata"]
    tls = [{"hosts": [HOST["host"]], "secretName": "plant-tls"}]
    issued = {"cert-manager.io/cluster-issuer": "letsencrypt"}
    mine = ingress_of(ingress={"className": "mine", "tls": tls, "annotations": issued})
    assert mine["spec"]["ingressClassName"] == "mine"
    assert mine["spec"]["tls"] == tls
    assert mine["metadata"]["annotations"] == issued


@pytest.mark.parametrize(
    ("file", "class_name", "prefix"),
    [
        ("values-nginx-f5.yaml", "nginx", "nginx.org/"),
        ("values-traefik.yaml", "traefik", ""),
        ("values-nginx-legacy.yaml", "nginx", "nginx.ingress.kubernetes.io/"),
    ],
)
def test_presets_bring_the_class_and_the_annotations_of_one_controller(file: str, class_name: str, prefix: str) -> None:
    found = ingress_of(file)
    assert found["spec"]["ingressClassName"] == class_name
    annotations = found["metadata"].get("annotations", {})
    assert all(name.startswith(prefix) for name in annotations)
    assert bool(annotations) is bool(prefix)
    assert not any("rewrite" in name for name in annotations)
    assert routes_of(found) == ROUTES


def test_a_route_of_the_gateway_api_goes_where_the_ingress_goes() -> None:
    found = objects(case(PLATFORM, "values-gateway-api.yaml", database=DATABASE, ingress=HOST))
    assert not of_kind(found, "Ingress", "Gateway")
    (route,) = of_kind(found, "HTTPRoute")
    assert route["spec"]["hostnames"] == [HOST["host"]]
    to: dict[str, str] = {}
    for rule in route["spec"]["rules"]:
        (match,), (backend,) = rule["matches"], rule["backendRefs"]
        assert match["path"]["type"] == "PathPrefix"
        assert backend["port"] == 80
        to[match["path"]["value"]] = backend["name"].removeprefix("plant-predictive-maintenance-")
    assert to == {**ROUTES, "/gateway/stream": "gateway"}
    (stream,) = [r for r in route["spec"]["rules"] if r["matches"][0]["path"]["value"] == "/gateway/stream"]
    assert stream["timeouts"]["request"] == "0s"
