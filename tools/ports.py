"""Free ports on loopback that stay ours while a server is down."""

import random
import socket
from threading import Lock

# Below the range from which Linux and macOS take the ports of outgoing connections: a server that is killed and
# started again must not find its port used by somebody's client.
_RANGE = range(20_000, 32_000)
_taken: set[int] = set()
_lock = Lock()


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on and that this process did not hand out before."""
    with _lock:
        for port in random.sample(_RANGE, len(_RANGE)):
            if port not in _taken and is_free(port):
                _taken.add(port)
                return port
    raise OSError(f"no free port from {_RANGE.start} to {_RANGE.stop}")


def is_free(port: int) -> bool:
    """Whether nobody listens on the port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do it: what a server that has ended left behind in TIME_WAIT does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
