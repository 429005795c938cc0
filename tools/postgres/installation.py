"""Where the operating system's package put PostgreSQL, and as which user its server may run."""

import os
import pwd
import re
import shutil
from functools import cache
from pathlib import Path

from tools.missing import ToolMissing

_AT_LEAST = 14
# Debian keeps the servers of several versions out of the PATH.
_DEBIAN = Path("/usr/lib/postgresql")
_ACCOUNTS = ("postgres", "nobody")


@cache
def binaries() -> Path:
    """Folder of `initdb` and `postgres`, the newest version there is. Raises ToolMissing."""
    versions = {int(path.name): path / "bin" for path in _DEBIAN.glob("*") if re.fullmatch("[0-9]+", path.name)}
    for version in sorted(versions, reverse=True):
        if version >= _AT_LEAST and (versions[version] / "initdb").exists():
            return versions[version]
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    raise ToolMissing(
        f"PostgreSQL {_AT_LEAST} or newer is not installed (Debian: postgresql); DATABASE_URL may name a running one"
    )


def account() -> str | None:
    """The user a server of ours runs as: None for our own; PostgreSQL refuses root, which takes another then."""
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise ToolMissing(f"PostgreSQL refuses to run as root, and none of {', '.join(_ACCOUNTS)} exists")


def may_enter(folder: Path) -> bool:
    """Whether `account()` can reach files in `folder`: every folder above must let others through."""
    if account() is None:
        return True
    return all(parent.stat().st_mode & 0o001 for parent in (folder.resolve(), *folder.resolve().parents))
