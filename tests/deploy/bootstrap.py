"""bootstrap.sh as a person runs it, on a folder that stands for the host's root, with small releases and real sums."""

import hashlib
import io
import os
import platform
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

K3S = Path(__file__).resolve().parents[2] / "deploy/k3s"
SCRIPT = K3S / "bootstrap.sh"
ARCH = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
K3S_FILE = "k3s" if ARCH == "amd64" else "k3s-arm64"
REGISTRY = ("--registry", "registry.test/pm")


class Host:
    """A root folder, a place for downloads, and a versions file that names both and the checksums in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.downloads = folder / "downloads"
        self.versions = folder / "versions.env"
        self.root.mkdir(parents=True)
        self.publish("v9.1.0+k3s1", b"#!/bin/sh\necho k3s one\n")

    def publish(self, version: str, k3s: bytes) -> None:
        """A release of k3s and Helm under file:// addresses, pinned in the versions file."""
        release = self.downloads / version
        release.mkdir(parents=True, exist_ok=True)
        (release / K3S_FILE).write_bytes(k3s)
        images = release / f"k3s-airgap-images-{ARCH}.tar.zst"
        images.write_bytes(b"images of k3s")
        (release / f"sha256sum-{ARCH}.txt").write_text(
            f"{_sum(k3s)}  {K3S_FILE}\n{_sum(images.read_bytes())}  {images.name}\n"
        )
        helm = self.downloads / f"helm-v4.2.3-linux-{ARCH}.tar.gz"
        helm.write_bytes(_archive(f"linux-{ARCH}/helm", b"#!/bin/sh\necho helm\n"))
        said = [
            line for line in (K3S / "versions.env").read_text().splitlines() if not line.startswith(("K3S", "HELM"))
        ]
        said += [f"K3S_VERSION={version}", f"K3S_URL=file://{self.downloads}", f"K3S_SHA256_{ARCH}={_sum(k3s)}"]
        said += ["HELM_VERSION=v4.2.3", f"HELM_URL=file://{self.downloads}"]
        said += [f"HELM_SHA256_{ARCH}={_sum(helm.read_bytes())}"]
        self.versions.write_text("\n".join(said) + "\n")

    def run(self, *arguments: str, expected: int = 0, more: Mapping[str, str] | None = None) -> str:
        """Run the script on this root. Returns everything it said; fails when it ends with another status."""
        here = ("--root", str(self.root), "--versions", str(self.versions))
        return script(*arguments, *here, expected=expected, more=more)

    def files(self) -> dict[str, tuple[int, int, str]]:
        """Each file and link below the root: mode, time of change in ns, content or target."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            if path.is_symlink() or path.is_file():
                content = str(path.readlink()) if path.is_symlink() else _sum(path.read_bytes())
                status = path.lstat()
                found[f"/{path.relative_to(self.root)}"] = (status.st_mode & 0o777, status.st_mtime_ns, content)
        return found


def script(*arguments: str, expected: int = 0, program: Path = SCRIPT, more: Mapping[str, str] | None = None) -> str:
    """Run bootstrap.sh; its words, when it ends as expected. `more`: variables beside a plain environment."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **(more or {})}
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout + done.stderr


def bundle_of(host: Host, folder: Path) -> Path:
    """A bundle as `bootstrap.sh bundle` lays it out, of the host's published releases."""
    for name, source in {
        f"files/{K3S_FILE}": next(host.downloads.glob(f"*/{K3S_FILE}")),
        f"files/helm-v4.2.3-linux-{ARCH}.tar.gz": host.downloads / f"helm-v4.2.3-linux-{ARCH}.tar.gz",
    }.items():
        target = folder / "bundle" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    images = folder / "bundle/images"
    images.mkdir()
    (images / "registry.test-pm-web-1.tar").write_bytes(_archive("manifest.json", b"[]"))
    files = sorted(p for p in (folder / "bundle").rglob("*") if p.is_file())
    lines = [f"{_sum(p.read_bytes())}  ./{p.relative_to(folder / 'bundle')}" for p in files]
    (folder / "bundle/SHA256SUMS").write_text("\n".join(lines) + "\n")
    return folder / "bundle"


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _archive(member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        entry = tarfile.TarInfo(member)
        entry.size, entry.mode = len(content), 0o755
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()
