"""An Nginx with the routes of the ingress in front of the services, on one port of loopback."""

import os
import pwd
import shutil
from pathlib import Path

import httpx

from tools.child import Child, ChildError
from tools.missing import ToolMissing
from tools.ports import free_port, is_free
from tools.services.service import ROOT

_TEMPLATE = Path(__file__).with_name("nginx.conf")


class Edge:
    """The one address that browsers and devices see."""

    def __init__(self, directory: Path, web: Path, ports: dict[str, int], port: int | None = None) -> None:
        """`web` holds the built pages; `ports` of `serve`, `ingest` and `gateway`. Raises ToolMissing without Nginx."""
        nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if nginx is None:
            raise ToolMissing("the services are put behind an Nginx, which is not installed (Debian: nginx-light)")
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        directory.mkdir(parents=True, exist_ok=True)
        # Only root is asked whose the workers are; anybody else's are their own.
        user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
        known = {"USER": user, "HOME": directory, "PORT": self.port, "WEB": web}
        known |= {"HEADERS": ROOT / "web/nginx/security-headers.conf"}
        text = _TEMPLATE.read_text()
        for name, value in (known | {name.upper(): value for name, value in ports.items()}).items():
            text = text.replace(f"@{name}@", str(value))
        configuration = directory / "nginx.conf"
        configuration.write_text(text)
        # Its own error log would be Debian's folder until it has read the configuration.
        command = [nginx, "-p", str(directory), "-e", "stderr", "-c", str(configuration)]
        self.child = Child("nginx", command, directory / "nginx.log")

    def start(self, ready_within_s: float = 10) -> None:
        """Start, and wait until the port answers. Raises ChildError when it is taken, or with the end of the log."""
        if not is_free(self.port):
            raise ChildError(f"port {self.port} is in use by another program; choose another one")
        self.child.start()
        self.child.await_ready(self._answers, ready_within_s)

    def _answers(self) -> bool:
        try:
            httpx.get(f"{self.url}/robots.txt", timeout=2)
        except httpx.TransportError:
            return False
        return True

    def stop(self) -> None:
        """SIGTERM: open requests are cut."""
        self.child.stop(5)
