"""A certificate authority made for one cluster, and the brokers' certificate signed by it; good for two days."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.missing import ToolMissing


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM: what clients trust, and what brokers show (private key and certificate chain in one file)."""

    ca_file: Path
    broker_file: Path


def make_certificates(folder: Path, names: Sequence[str] = ()) -> Certificates:
    """Make both in `folder`, for loopback and these DNS names. Raises ToolMissing without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise ToolMissing("a cluster with TLS needs openssl (Debian: openssl)")
    folder.mkdir(parents=True, exist_ok=True)

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)

    new_key = ("-newkey", "rsa:2048", "-nodes")
    run("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=pm test authority")
    run("req", *new_key, "-keyout", "broker.key", "-out", "broker.csr", "-subj", "/CN=127.0.0.1")
    known = ",".join(f"DNS:{name}" for name in ("localhost", *names))
    (folder / "names.cnf").write_text(f"subjectAltName=IP:127.0.0.1,{known}\n")
    sign = ("-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names.cnf")
    run("x509", "-req", "-in", "broker.csr", "-out", "broker.crt", *sign)
    parts = [(folder / name).read_text() for name in ("broker.key", "broker.crt", "ca.crt")]
    (folder / "broker.pem").write_text("".join(parts))
    return Certificates(folder / "ca.crt", folder / "broker.pem")
