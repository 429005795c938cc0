"""Every rendered object is what Kubernetes and the owners of custom resources define, in every promised version."""

import copy

import pytest

from tests.chart.definitions import VERSIONS, custom, errors
from tests.chart.rendering import CASES, KAFKA, Case, Refused, case, named, objects, text

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("what", CASES, ids=lambda c: c.name)
def test_objects_match_the_schemas_strictly(what: Case, version: str) -> None:
    assert [e for o in objects(what) for e in errors(o, version)] == []


def test_an_unknown_field_is_an_error() -> None:
    found = {o["kind"]: o for what in CASES for o in objects(what)}
    assert set(custom()) <= {kind.lower() for kind in found}, "each definition is put to use"
    for kind, o in found.items():
        if kind == "Deployment" or kind.lower() in custom():
            wrong = copy.deepcopy(o)
            wrong["spec"]["replica"] = 3
            assert errors(wrong, "1.34"), kind


def test_a_kafka_user_with_the_field_of_old_tutorials_is_an_error() -> None:
    user = copy.deepcopy(named(objects(case(KAFKA)), "KafkaUser", "gateway"))
    acl = user["spec"]["authorization"]["acls"][0]
    acl["operation"] = acl.pop("operations")[0]
    assert errors(user, "1.34")


@pytest.mark.parametrize("what", CASES, ids=lambda c: c.name)
def test_helm_3_and_4_render_the_same_and_always_the_same(what: Case) -> None:
    assert objects(what, "helm3") == objects(what, "helm")
    assert text(what) == text.__wrapped__(what)


@pytest.mark.parametrize("chart", sorted({c.chart for c in CASES}), ids=lambda c: c.name)
def test_an_older_kubernetes_is_refused(chart: object) -> None:
    what = next(c for c in CASES if c.chart == chart)
    with pytest.raises(Refused, match=r"1\.30"):
        text(what, options=("--kube-version", "1.29.0"))
