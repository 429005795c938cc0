"""Events on their way to the broker: one ticket for each publish call, answered event by event."""

from collections.abc import Sequence
from concurrent.futures import Future

from chassis.event_log import Event, LogError, Position
from chassis.kafka_log.congestion import CongestionWindow
from chassis.window import Window, size_of


class Ticket:
    """One publish call. `taken_at` is in monotonic seconds; `is_sent` once the client has seen any of its events."""

    __slots__ = (
        "_begun",
        "_congestion",
        "_left",
        "_size",
        "_waiting",
        "_window",
        "events",
        "futures",
        "is_sent",
        "taken_at",
    )

    def __init__(self, events: Sequence[Event], window: Window, congestion: CongestionWindow, taken_at: float) -> None:
        """Raises LogFull when one of the windows has no room for all of `events`."""
        self._window, self._congestion, self._size = window, congestion, sum(map(size_of, events))
        congestion.check(self._size)
        window.take(len(events), self._size)
        self._begun = congestion.begin(self._size)
        self.events, self.taken_at, self.is_sent = events, taken_at, False
        self.futures: list[Future[Position]] = [Future() for _ in events]
        for future in self.futures:
            # A caller that stops waiting must not be able to cancel what is on its way to the broker.
            future.set_running_or_notify_cancel()
        self._waiting: list[Future[Position] | None] = list(self.futures)
        self._left = len(events)

    @property
    def is_answered(self) -> bool:
        return self._left == 0

    def claim(self, index: int) -> Future[Position] | None:
        """The future of one event, for its one answer; None when somebody has claimed it. Under the producer's lock."""
        future, self._waiting[index] = self._waiting[index], None
        if future is not None:
            self._left -= 1
            if not self._left:
                # Room is made before the answer: who waited for it may publish again at once.
                self._window.give_back(len(self.events), self._size)
                self._congestion.end(self._size)
        return future

    def arrived(self, now: float) -> None:
        """The last of the events was acknowledged. Under the producer's lock."""
        self._congestion.acknowledged(self._size, self._begun, now - self.taken_at)

    def claim_rest(self) -> list[Future[Position]]:
        """The futures of all events that have no answer yet. Under the producer's lock."""
        claimed = [self.claim(index) for index in range(len(self._waiting))]
        return [future for future in claimed if future is not None]


def answer(futures: Sequence[Future[Position]], error: LogError) -> None:
    """Give claimed futures their answer; outside of any lock, because callbacks of callers run here."""
    for future in futures:
        future.set_exception(error)
