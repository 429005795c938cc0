"""Every pod of every values file: restricted, bounded, probed, drained; names, labels, images."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.chart.rendering import CASES, DATABASE, HOST, PLATFORM, PLATFORM_CASES, Case, case, objects, of_kind, pods

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
every_case = pytest.mark.parametrize("what", PLATFORM_CASES, ids=lambda c: c.name)
IMMUTABLE = ("selector", "serviceName", "volumeClaimTemplates")
SELECTOR = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"}


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


@every_case
def test_pods_meet_the_restricted_level_and_more(what: Case) -> None:
    for name, pod in pods(objects(what)).items():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["securityContext"]["runAsUser"] >= 10_000, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not spec["automountServiceAccountToken"], name
        assert not spec["enableServiceLinks"], name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        for volume in spec["volumes"]:
            assert set(volume) - {"name"} <= {"emptyDir", "secret", "persistentVolumeClaim"}, name
            assert "sizeLimit" in volume.get("emptyDir", {"sizeLimit": 1}), name
        for container in containers(pod):
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"], name
            assert not security["allowPrivilegeEscalation"], name
            assert security["capabilities"] == {"drop": ["ALL"]}, name


@every_case
def test_resources_are_bounded_and_memory_is_what_was_asked_for(what: Case) -> None:
    for name, pod in pods(objects(what)).items():
        for container in containers(pod):
            asked, most = container["resources"]["requests"], container["resources"]["limits"]
            assert asked["memory"] == most["memory"], name
            assert asked["cpu"], name
            assert asked["ephemeral-storage"], name


@every_case
def test_services_are_probed_and_drained(what: Case) -> None:
    for o in of_kind(objects(what), "Deployment", "StatefulSet"):
        pod = o["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container)
        assert container["readinessProbe"] != container["livenessProbe"]
        if container["name"] == "database":
            continue
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
        assert pod["terminationGracePeriodSeconds"] > container["lifecycle"]["preStop"]["sleep"]["seconds"] + 9
        if o["kind"] == "Deployment":
            assert o["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
            assert {"revisionHistoryLimit", "progressDeadlineSeconds"} <= set(o["spec"])


@pytest.mark.parametrize("what", CASES, ids=lambda c: c.name)
def test_objects_are_labelled_and_stay_in_their_namespace(what: Case) -> None:
    for o in objects(what):
        labels = o["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "predictive-maintenance"
        assert labels["app.kubernetes.io/instance"] == what.release
        assert o["metadata"]["namespace"] == what.namespace, "cluster-scoped objects are not ours to make"
        assert o["kind"] not in {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "Secret"}


@every_case
def test_selectors_hold_three_labels_and_find_their_pods(what: Case) -> None:
    found = objects(what)
    labels = [pod["metadata"]["labels"] for pod in pods(found).values() if "labels" in pod["metadata"]]
    for service in of_kind(found, "Service"):
        selector = service["spec"]["selector"]
        assert set(selector) == SELECTOR
        assert [o for o in labels if selector.items() <= o.items()], service["metadata"]["name"]
    for o in of_kind(found, "Deployment", "StatefulSet"):
        assert set(o["spec"]["selector"]["matchLabels"]) == SELECTOR


def test_what_an_upgrade_cannot_change_is_as_recorded() -> None:
    """Kubernetes refuses a changed selector or volume; who changes the record makes people install anew."""
    found = {
        f"{o['kind']}/{o['metadata']['name']}": {name: o["spec"][name] for name in IMMUTABLE if name in o["spec"]}
        for what in CASES
        for o in of_kind(objects(what), "Deployment", "StatefulSet")
    }
    assert found == json.loads(Path(__file__).with_name("immutable.json").read_text())


def test_names_fit_and_two_releases_do_not_meet() -> None:
    long = "a" * 53
    names = []
    for release in (long, long[:-1] + "b"):
        found = objects(case(PLATFORM, "values-production.yaml", release=release, database=DATABASE))
        names.append({(o["kind"], o["metadata"]["name"]) for o in found})
        assert max(len(name) for _, name in names[-1]) <= 63
    assert not names[0] & names[1]


def test_names_labels_and_annotations_of_the_user_reach_every_object() -> None:
    values: dict[str, Any] = {
        "fullnameOverride": "mine",
        "commonLabels": {"team": "maintenance"},
        "commonAnnotations": {"owner": "plant"},
    }
    for what in (
        case(PLATFORM, "values-production.yaml", database=DATABASE, ingress={"enabled": True, **HOST}, **values),
        case(PLATFORM, "values-embedded.yaml", **values),
    ):
        for o in objects(what):
            assert o["metadata"]["name"].startswith("mine")
            assert o["metadata"]["labels"]["team"] == "maintenance"
            assert o["metadata"]["annotations"]["owner"] == "plant"


def test_images_take_a_registry_and_a_digest_before_a_tag() -> None:
    digest = "sha256:" + "a" * 64
    image = {"tag": "7", "digest": digest}
    registry: dict[str, Any] = {
        "global": {"imageRegistry": "registry.example.org/pm", "imagePullSecrets": [{"name": "pull"}]}
    }
    what = case(
        PLATFORM,
        database=DATABASE,
        gateway={"image": image},
        web={"image": {"tag": f"7@{digest}"}},
        **registry,
    )
    for name, pod in pods(objects(what)).items():
        assert pod["spec"]["imagePullSecrets"] == [{"name": "pull"}]
        for container in containers(pod):
            assert container["image"].startswith("registry.example.org/pm/pm-"), name
            assert not container["image"].endswith(":latest")
            if "gateway" in name:
                assert container["image"] == f"registry.example.org/pm/pm-gateway@{digest}"
            if "web" in name:
                assert container["image"].endswith(f":7@{digest}")


def test_only_fixed_scaling_owns_replicas_and_budgets_follow_what_is_possible() -> None:
    modes = {
        "manual": (False, True),
        "fixed": (True, False),
        "hpa": (False, True),
    }
    for mode, (owns, budget) in modes.items():
        found = objects(case(PLATFORM, database=DATABASE, inference={"serve": {"scaling": {"mode": mode}}}))
        (deployment,) = [o for o in of_kind(found, "Deployment") if o["metadata"]["name"].endswith("inference-serve")]
        assert ("replicas" in deployment["spec"]) is owns, mode
        budgets = [o for o in of_kind(found, "PodDisruptionBudget") if o["metadata"]["name"].endswith("serve")]
        assert bool(budgets) is budget, mode
        assert all(o["spec"]["maxUnavailable"] == 1 for o in budgets)
        for scaler in of_kind(found, "HorizontalPodAutoscaler"):
            (metric,) = scaler["spec"]["metrics"]
            (container,) = deployment["spec"]["template"]["spec"]["containers"]
            assert metric["containerResource"]["container"] == container["name"]


def test_a_changed_model_rolls_the_pods_and_nothing_else_does() -> None:
    def templates(**values: Any) -> dict[str, Any]:
        found = objects(case(PLATFORM, database=DATABASE, **values))
        return {o["metadata"]["name"]: o["spec"]["template"] for o in of_kind(found, "Deployment")}

    plain, changed = templates(), templates(model={"digest": "sha256:" + "1" * 64})
    assert {name for name in plain if plain[name] != changed[name]} == {n for n in plain if "inference" in n}
    assert templates(monitoring={"rules": {"enabled": True}}) == plain


def test_pods_take_what_each_component_is_given() -> None:
    pod: dict[str, Any] = {
        "nodeSelector": {"disk": "fast"},
        "tolerations": [{"key": "edge", "operator": "Exists"}],
        "affinity": {"podAntiAffinity": {}},
        "priorityClassName": "high",
        "annotations": {"a": "b"},
        "labels": {"c": "d"},
        "extraEnv": [{"name": "TZ", "value": "UTC"}],
        "extraVolumes": [{"name": "x", "emptyDir": {"sizeLimit": "1Mi"}}],
        "extraVolumeMounts": [{"name": "x", "mountPath": "/x"}],
    }
    values: dict[str, Any] = {c: {"pod": pod} for c in ("ingest", "gateway", "web")}
    values["inference"] = {"serve": {"pod": pod}, "stream": {"pod": pod}}
    full = objects(case(PLATFORM, database=DATABASE, **values))
    embedded = objects(case(PLATFORM, "values-embedded.yaml", standalone={"pod": pod}))
    made = [*of_kind(full, "Deployment"), *of_kind(embedded, "StatefulSet")]
    assert len(made) == 6
    for o in made:
        template = o["spec"]["template"]
        (container,) = template["spec"]["containers"]
        for key in ("nodeSelector", "tolerations", "affinity", "priorityClassName"):
            assert template["spec"][key] == pod[key]
        assert template["metadata"]["annotations"]["a"] == "b"
        assert template["metadata"]["labels"]["c"] == "d"
        assert pod["extraEnv"][0] in container["env"]
        assert pod["extraVolumes"][0] in template["spec"]["volumes"]
        assert pod["extraVolumeMounts"][0] in container["volumeMounts"]


def test_no_password_is_in_the_environment_or_the_arguments() -> None:
    for what in PLATFORM_CASES:
        for name, pod in pods(objects(what)).items():
            for container in containers(pod):
                for variable in container.get("env", []):
                    assert "secretKeyRef" not in str(variable), name
                    secret = re.search("PASSWORD|TOKEN|SECRET", variable["name"])
                    assert not secret or variable["name"].endswith("_FILE"), name
