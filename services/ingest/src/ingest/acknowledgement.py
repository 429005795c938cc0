"""Waits on the event loop for the log's acknowledgements, which arrive on the log's own threads."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from threading import Lock

from chassis.event_log import LogError, Position, PublishUnknown


async def acknowledgements(futures: Sequence[Future[Position]], timeout_s: float) -> list[LogError | None]:
    """Per future None when its event is durable, else what the log said; in order, after at most `timeout_s` seconds.

    One wake-up of the loop for all futures. They are never cancelled (as `asyncio.wait_for` would): the log owns them.
    What is not settled in time is PublishUnknown. Errors that are no LogError propagate.
    """
    await _settled(futures, timeout_s)
    return [_outcome(future) for future in futures]


async def _settled(futures: Sequence[Future[Position]], timeout_s: float) -> None:
    loop = asyncio.get_running_loop()
    all_settled = asyncio.Event()
    counting = Lock()
    left = len(futures)

    def settled(_: Future[Position]) -> None:
        nonlocal left
        with counting:
            left -= 1
            last = left == 0
        if last and not loop.is_closed():
            loop.call_soon_threadsafe(all_settled.set)

    for future in futures:
        future.add_done_callback(settled)
    try:
        await asyncio.wait_for(all_settled.wait(), timeout_s)
    except TimeoutError:
        return


def _outcome(future: Future[Position]) -> LogError | None:
    if not future.done():
        return PublishUnknown("no acknowledgement in time")
    error = future.exception()
    if error is None or isinstance(error, LogError):
        return error
    raise error
