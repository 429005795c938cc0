"""The bootstrap: what it places, that it changes nothing twice, what it refuses, and that it takes all of it away."""

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.deploy.bootstrap import K3S, K3S_FILE, REGISTRY, SCRIPT, Host, bundle_of, script
from tools.lacking import skip_or_fail

pytestmark = pytest.mark.deploy
OPTIONS = (*REGISTRY, "--host", "pm.example.org")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_shell_code_is_clean() -> None:
    if not shutil.which("shellcheck"):
        skip_or_fail("shellcheck is not installed")
    root = K3S.parents[1]
    scripts = [
        SCRIPT,
        root / ".ci/run",
        *sorted((root / "deploy/aws").glob("*.sh")),
        *sorted((root / "tests/compose").glob("*/*.sh")),
    ]
    done = subprocess.run(["shellcheck", "-x", *scripts], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stdout


def test_install_places_hardened_files_and_pinned_programs(host: Host) -> None:
    said = host.run("install", *OPTIONS)
    files = host.files()
    assert {path: mode for path, (mode, _, _) in files.items() if path.startswith("/etc/rancher")} == {
        "/etc/rancher/k3s/admission.yaml": 0o600,
        "/etc/rancher/k3s/audit.yaml": 0o600,
        "/etc/rancher/k3s/config.yaml": 0o600,
    }
    for program in ("k3s", "helm"):
        assert files[f"/usr/local/bin/{program}"][0] == 0o755
    assert files["/usr/local/bin/kubectl"][2] == "k3s"
    assert files["/etc/systemd/system/multi-user.target.wants/k3s.service"][2] == "../k3s.service"
    assert subprocess.check_output([host.root / "usr/local/bin/k3s"], text=True) == "k3s one\n"
    assert "nothing is started" in said


def test_configuration_of_k3s_is_the_hardened_one(host: Host) -> None:
    host.run("install", *OPTIONS, "--ingress", "nginx")
    config = yaml.safe_load((host.root / "etc/rancher/k3s/config.yaml").read_text())
    assert config["secrets-encryption"] is True
    assert config["protect-kernel-defaults"] is True
    assert config["write-kubeconfig-mode"] == "0600"
    assert config["cluster-init"] is True
    assert config["tls-san"] == ["pm.example.org"]
    assert config["disable"] == ["traefik"]
    named = [argument.split("=")[1] for argument in config["kube-apiserver-arg"] if "-file=" in argument]
    assert named
    for path in named:
        yaml.safe_load((host.root / path.lstrip("/")).read_text())
    admission = yaml.safe_load((host.root / "etc/rancher/k3s/admission.yaml").read_text())
    (plugin,) = admission["plugins"]
    assert plugin["configuration"]["defaults"]["enforce"] == "restricted"
    kernel = dict(
        line.split("=")
        for line in (host.root / "etc/sysctl.d/90-kubelet.conf").read_text().splitlines()
        if not line.startswith("#")
    )
    expected = {"vm.panic_on_oom": "0", "vm.overcommit_memory": "1", "kernel.panic": "10", "kernel.panic_on_oops": "1"}
    assert kernel == expected


def test_second_run_changes_nothing(host: Host) -> None:
    host.run("install", *OPTIONS)
    before = host.files()
    said = host.run("install", *OPTIONS)
    assert host.files() == before
    assert "wrote" not in said
    assert not re.search(r"^  fetch", said, re.M)


def test_options_are_remembered_until_they_are_said_again(host: Host) -> None:
    host.run("install", *OPTIONS, "--profile", "embedded")
    host.run("install")
    config = (host.root / "etc/rancher/k3s/config.yaml").read_text()
    assert 'tls-san: ["pm.example.org"]' in config
    assert "cluster-init: false" in config
    host.run("install", "--host", "other.example.org")
    assert 'tls-san: ["other.example.org"]' in (host.root / "etc/rancher/k3s/config.yaml").read_text()


def test_dry_run_names_every_file_and_writes_none(host: Host) -> None:
    plan = host.run("install", "--dry-run", *OPTIONS)
    assert host.files() == {}
    host.run("install", *OPTIONS)
    stamps = {"/etc/predictive-maintenance/k3s.sha256", "/etc/predictive-maintenance/helm.sha256"}
    missing = [path for path in host.files() if path not in stamps and path not in plan]
    assert missing == []


def test_wrong_checksum_is_refused_and_nothing_of_it_is_used(host: Host) -> None:
    next(host.downloads.glob(f"*/{K3S_FILE}")).write_bytes(b"#!/bin/sh\necho somebody else's\n")
    said = host.run("install", *OPTIONS, expected=1)
    assert "wrong checksum of k3s" in said
    assert not (host.root / "usr/local/bin/k3s").exists()


def test_refused_upgrade_leaves_the_running_program(host: Host) -> None:
    host.run("install", *OPTIONS)
    host.publish("v9.2.0+k3s1", b"#!/bin/sh\necho k3s two\n")
    (host.downloads / "v9.2.0+k3s1" / K3S_FILE).write_bytes(b"torn")
    assert "wrong checksum" in host.run("install", *OPTIONS, expected=1)
    assert subprocess.check_output([host.root / "usr/local/bin/k3s"], text=True) == "k3s one\n"


def test_raised_version_and_a_changed_program_are_replaced(host: Host) -> None:
    host.run("install", *OPTIONS)
    host.publish("v9.2.0+k3s1", b"#!/bin/sh\necho k3s two\n")
    host.run("install", *OPTIONS)
    program = host.root / "usr/local/bin/k3s"
    assert subprocess.check_output([program], text=True) == "k3s two\n"
    program.write_bytes(b"#!/bin/sh\necho changed by hand\n")
    host.run("install", *OPTIONS)
    assert subprocess.check_output([program], text=True) == "k3s two\n"


def test_uninstall_takes_away_all_that_install_placed(host: Host) -> None:
    host.run("install", *OPTIONS)
    placed = list(host.files())
    removed = re.findall(r"^  remove (\S+)$", host.run("uninstall", "--dry-run"), re.M)
    assert [path for path in placed if not any(path == r or path.startswith(f"{r}/") for r in removed)] == []
    host.run("uninstall")
    assert host.files() == {}
    host.run("uninstall")


def test_data_goes_only_when_it_is_said(host: Host) -> None:
    host.run("install", *OPTIONS)
    data = host.root / "var/lib/rancher/k3s/storage/claim/row"
    data.parent.mkdir(parents=True)
    data.write_text("a year of readings")
    assert "kept: /var/lib/rancher" in host.run("uninstall")
    assert data.read_text() == "a year of readings"
    host.run("uninstall", "--purge-data")
    assert host.files() == {}


def test_uninstall_plan_of_a_host_ends_releases_before_the_operator_and_k3s_last() -> None:
    plan = script("uninstall", "--dry-run", "--purge-data", "--host", "pm.example.org", "--tls-email", "a@example.org")
    order = [
        "uninstall platform",
        "uninstall kafka",
        "uninstall strimzi",
        "uninstall cert-manager",
        "disable --quiet --now k3s",
    ]
    places = [
        plan.index(step) for step in [*order, "containerd-shim", "remove /usr/local/bin/k3s", "empty /var/lib/rancher"]
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("profile", ["single-node", "embedded"])
@pytest.mark.parametrize("ingress", ["traefik", "nginx"])
def test_install_plan_of_a_host(profile: str, ingress: str) -> None:
    plan = script("install", "--dry-run", *OPTIONS, "--profile", profile, "--ingress", ingress)
    assert ("upgrade --install strimzi" in plan) == (profile == "single-node")
    assert ("upgrade --install nginx-ingress" in plan) == (ingress == "nginx")
    assert "start k3s" in plan
    assert f"values-{profile}.yaml" in plan
    assert plan.index("systemctl start k3s") < plan.index("upgrade --install platform")
    assert "POST http://pm.example.org/api/predict" in plan


def test_upgrade_plan_takes_a_snapshot_first_and_definitions_before_the_operator() -> None:
    plan = script("upgrade", "--dry-run", *OPTIONS)
    steps = [
        "etcd-snapshot save",
        "write /usr/local/bin/k3s",
        "helm show crds",
        "upgrade --install strimzi",
        "expect an answer",
    ]
    places = [plan.index(step) for step in steps]
    assert places == sorted(places)


def test_upgrade_of_nothing_is_refused(host: Host) -> None:
    assert "nothing is installed here" in host.run("upgrade", *OPTIONS, expected=1)


def test_bundle_stands_in_for_the_network(host: Host, tmp_path: Path) -> None:
    bundle = bundle_of(host, tmp_path)
    shutil.rmtree(host.downloads)
    said = host.run("install", *OPTIONS, "--bundle", str(bundle))
    assert "every checksum agrees" in said
    assert "/var/lib/rancher/k3s/agent/images/registry.test-pm-web-1.tar" in host.files()
    archive = tmp_path / "bundle.tar"
    with tarfile.open(archive, "w") as packed:
        packed.add(bundle, ".")
    assert "wrote" not in host.run("install", *OPTIONS, "--bundle", str(archive))


def test_damaged_bundle_is_refused(host: Host, tmp_path: Path) -> None:
    bundle = bundle_of(host, tmp_path)
    image = next((bundle / "images").iterdir())
    image.write_bytes(image.read_bytes()[:-1])
    assert "the bundle is damaged" in host.run("install", *OPTIONS, "--bundle", str(bundle), expected=1)
    assert host.files() == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--host", "no such/name"), "--host is no host name"),
        (("--profile", "huge"), "--profile is single-node or embedded"),
        (("--ingress", "haproxy"), "--ingress is traefik or nginx"),
        (("--tls-email", "nobody"), "--tls-email is no address"),
        (("--tag", "a b"), "--tag is no tag"),
        (("--namespace", "Upper"), "--namespace is no namespace"),
        (("--registry", "$(id)"), "--registry is no registry"),
        (("--tls-email", "a@example.org"), "--tls-email needs --host"),
        (("--bundle", "/nowhere/at/all"), "no such bundle"),
        (("--wrong",), "unknown option --wrong"),
        (("extra",), "unknown argument extra"),
        (("--host",), "--host needs a value"),
        ((), "where are the images?"),
    ],
)
def test_wrong_words_are_refused_in_one_sentence(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    said = script("install", "--dry-run", *arguments, expected=1)
    assert sentence in said
    assert said.count("bootstrap: ") == 1


def test_versions_are_exact_and_every_download_has_a_checksum() -> None:
    lines = [line for line in (K3S / "versions.env").read_text().splitlines() if line and not line.startswith("#")]
    versions = dict(line.split("=", 1) for line in lines)
    exact = [name for name in versions if name.endswith("_VERSION")]
    assert len(exact) >= 5
    assert [n for n in exact if not re.fullmatch(r"v?\d+\.\d+\.\d+(\+k3s\d+)?", versions[n])] == []
    sums = [versions[f"{name}_SHA256_{arch}"] for name in ("K3S", "HELM") for arch in ("amd64", "arm64")]
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in sums)
    assert len({*sums}) == 4
