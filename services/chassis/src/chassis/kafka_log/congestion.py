"""How much may be on its way to the brokers so that what is taken is acknowledged soon: a window sized by what they do.

The fixed window bounds memory. On a slow way it holds many seconds of events, and who is taken last waits for all of
them. This one follows the rate of acknowledgements, as TCP's congestion control follows a path (delivery rate by
sample as in BBR, growth only while the window itself is what limits, as in RFC 7661). Pure: time is a parameter.
"""

from chassis.event_log import LogFull

TARGET_S = 0.7  # what is taken should be acknowledged within about this, unless the way alone takes half of it
_START_BYTES = 2**20
_FLOOR_BYTES = 64 * 1024


class CongestionWindow:
    """Bytes that may be unacknowledged at once. For one thread at a time: the producer holds its lock."""

    def __init__(self, max_bytes: int, retry_after_s: float) -> None:
        """`max_bytes`: what it never grows beyond."""
        self._max_bytes, self._retry_after_s = max_bytes, retry_after_s
        self.limit_bytes = min(_START_BYTES, max_bytes)
        self._open_bytes = self._acknowledged_bytes = 0
        self._least_s = float("inf")

    def check(self, size: int) -> None:
        """Raises LogFull when `size` bytes more would wait too long; an empty way takes a publish call of any size."""
        if self._open_bytes and self._open_bytes + size > self.limit_bytes:
            raise LogFull(
                f"{self._open_bytes} bytes are on their way, and the brokers acknowledge {self.limit_bytes} at a time",
                self._retry_after_s,
            )

    def begin(self, size: int) -> tuple[int, bool]:
        """Count `size` bytes as on their way until `end`. What it returns belongs to `acknowledged`."""
        self._open_bytes += size
        return self._acknowledged_bytes, self._open_bytes > self.limit_bytes // 2

    def end(self, size: int) -> None:
        """`size` bytes have their answer, whatever it is."""
        self._open_bytes -= size

    def acknowledged(self, size: int, begun: tuple[int, bool], took_s: float) -> None:
        """Learn from `size` bytes, all of one publish call, that arrived `took_s` seconds after they were taken."""
        self._acknowledged_bytes += size
        self._least_s = min(self._least_s, took_s)
        # A long way is no queue: less than it holds would only leave it empty.
        target_s = max(TARGET_S, 2 * self._least_s)
        before, was_limited = begun
        if took_s > target_s:
            per_s = (self._acknowledged_bytes - before) / took_s
            self.limit_bytes = min(self.limit_bytes, max(_FLOOR_BYTES, int(per_s * target_s)))
        elif was_limited:
            # Fast while there is hardly a queue; then one call more for each windowful, which finds what a slow answer
            # for another reason has taken away.
            growth = size if took_s < target_s / 2 else size * size // self.limit_bytes
            self.limit_bytes = min(self._max_bytes, self.limit_bytes + growth)
