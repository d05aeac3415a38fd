"""Worker processes with deadlines: one slow answer blocks no other, and one that never ends is ended."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, cast

from pebble import ProcessExpired, ProcessPool

from equipoise.web.answers import answer_bytes


class BusyError(Exception):
    """More is being asked than there is room for."""


class DeadlineError(Exception):
    """An answer took too long, or its worker died."""


class Workers:
    """Processes that work out answers.

    Parameters
    ----------
    processes : int
        How many.
    room : int
        Answers that may wait or be under way at once; more are refused.
    warm : sequence of str
        Studies whose flights each of them flies before its first answer.
    """

    def __init__(self, processes: int, room: int, warm: Sequence[str] = ()) -> None:
        # A process is spawned, not forked: a fork of a server with threads may hang.
        self._pool = ProcessPool(
            max_workers=processes,
            context=multiprocessing.get_context("spawn"),
            initializer=answer_bytes,
            initargs=("warm", (tuple(warm),)),
        )
        self._processes = processes
        self._room = room
        self._under_way = 0

    @property
    def is_busy(self) -> bool:
        """Whether more is waiting than is under way."""
        return self._under_way >= 2 * self._processes

    async def answer(self, name: str, *arguments: Any, deadline_s: float) -> bytes:
        """Return an answer.

        Parameters
        ----------
        name : str
            One of ``equipoise.web.answers.ANSWERS``.
        arguments
            Its arguments, which travel to the worker.
        deadline_s : float
            After so long in a worker it is given up, and the worker ended. [s]

        Raises
        ------
        BusyError
            If there is no room.
        DeadlineError
            If it takes too long, or its worker dies.
        EquipoiseError
            What the analysis refuses.
        """
        if self._under_way >= self._room:
            raise BusyError
        self._under_way += 1
        future = self._pool.schedule(answer_bytes, args=(name, arguments), timeout=deadline_s)
        try:
            return await asyncio.wrap_future(cast("Future[bytes]", future))
        except (TimeoutError, ProcessExpired) as error:
            raise DeadlineError from error
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """End the workers, whatever they are doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
