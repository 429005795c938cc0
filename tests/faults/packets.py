"""Packets that the kernel drops, refuses or loses now and then, on single ports of the loopback device. Root only."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

DROP = ("-j", "DROP")
REJECT = ("-j", "REJECT", "--reject-with", "tcp-reset")


def lossy(share: float) -> tuple[str, ...]:
    """Each packet is dropped with this probability (0 to 1)."""
    return ("-m", "statistic", "--mode", "random", "--probability", f"{share:g}", *DROP)


def is_possible() -> bool:
    """Whether we are root on a machine with iptables."""
    return os.geteuid() == 0 and shutil.which("iptables") is not None


class Packets:
    """What the rules have met so far."""

    def __init__(self, name: str) -> None:
        """`name` is the comment on the rules."""
        self._name = name

    def count(self) -> int:
        """Packets that were dropped or refused."""
        rules = [line for line in _iptables("-L", "INPUT", "-v", "-n", "-x").splitlines() if self._name in line]
        return sum(int(rule.split()[0]) for rule in rules)


@contextmanager
def harmed(ports: Sequence[int], what: Sequence[str], *, ends: Sequence[str] = ("dport", "sport")) -> Iterator[Packets]:
    """Inside, TCP packets to (`dport`) and from (`sport`) these ports meet `what`."""
    name = f"pm-faults-{secrets.token_hex(4)}"
    rules = [
        ["INPUT", "-i", "lo", "-p", "tcp", f"--{end}", str(port), "-m", "comment", "--comment", name, *what]
        for port in ports
        for end in ends
    ]
    added: list[list[str]] = []
    try:
        for rule in rules:
            _iptables("-I", *rule)
            added.append(rule)
        yield Packets(name)
    finally:
        for rule in added:
            _iptables("-D", *rule)


def _iptables(*arguments: str) -> str:
    return subprocess.run(["iptables", "-w", *arguments], capture_output=True, text=True, check=True).stdout
