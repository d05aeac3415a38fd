"""Who computes the chunks of an ensemble: threads of this process, or the workers of a Dask cluster.

Both take chunks and give them back as they finish. In one process a pool of threads does it: Dask's own cluster in one
process opens ports on every interface, keeps files in the temporary directory and logs what an interrupt catches
half-way, and brings nothing here that a pool has not.
"""

from __future__ import annotations

import logging
import queue
import re
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, NamedTuple, Protocol, TypeVar

from equipoise._jit import thread_count
from equipoise.analysis.chunk_work import Job, Worked, worked
from equipoise.analysis.environment import arithmetic, dask_versions, environment, first_difference
from equipoise.errors import InputError

T = TypeVar("T")

ADDRESS = re.compile(r"(?P<scheme>tcp|tls)://(?P<host>\[[0-9a-fA-F:.%]+\]|[\w.-]+):(?P<port>\d{1,5})")
PATIENCE_S = 30.0
"""How long a scheduler may take to answer, and how long it may be without a worker."""
LOSSES = 2
"""How often Dask may give up a chunk that is alone on the cluster, each time after it was lost with several workers."""
_STARTING_S = 3.0  # that a scheduler may still be starting
_HANDSHAKE = b"pickle-protocol"
_KEPT = "finished chunks are kept, and the same command goes on from there"


class Workers(Protocol):
    """Takes chunks and gives them back as they finish."""

    def threads(self) -> int:
        """Return how many chunks are worked on at once."""

    def submit(self, start: int, stop: int) -> None:
        """Have a chunk worked out."""

    def finished(self, timeout_s: float) -> Worked | None:
        """Return a chunk that is worked out; None if there was none for a while."""

    def check(self) -> str | None:
        """Return what the work waits for, in words, if it does; raise if it cannot go on."""

    def close(self) -> list[Worked]:
        """Call off what is not finished; return what is and was not asked for."""


class Threads:
    """Threads of this process.

    Parameters
    ----------
    job : Job
        What to work out.
    threads : int, optional
        How many; ``EQUIPOISE_THREADS`` or the processors that the process may use if left out.
    """

    def __init__(self, job: Job, threads: int | None = None) -> None:
        self._job = replace(job, arithmetic=_settled(job, arithmetic(), "this machine"))
        self._threads = threads or thread_count()
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="equipoise-chunk")
        self._stopped = threading.Event()
        self._done: queue.SimpleQueue[Callable[[], Worked]] = queue.SimpleQueue()

    def threads(self) -> int:
        """Return the number of threads."""
        return self._threads

    def submit(self, start: int, stop: int) -> None:
        """Have a chunk worked out."""
        future = self._pool.submit(worked, self._job, start, stop, self._stopped.is_set)
        future.add_done_callback(lambda done: self._done.put(done.result))

    def finished(self, timeout_s: float) -> Worked | None:
        """Return a chunk that is worked out; None if there was none for a while."""
        try:
            result = self._done.get(timeout=timeout_s)
        except queue.Empty:
            return None
        return result()

    def check(self) -> str | None:
        """Return None: threads are there."""
        return None

    def close(self) -> list[Worked]:
        """Call off what is not finished, and wait for what cannot be called off."""
        self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        rest = []
        while not self._done.empty():
            with suppress(Exception, CancelledError):  # an error was raised already, or will be on the next run
                rest.append(self._done.get()())
        return rest


class _Piece(NamedTuple):
    start: int
    stop: int
    losses: int = 0


class _Done(NamedTuple):
    number: int
    future: Any  # distributed has no types to speak of


class Cluster:
    """The workers of a Dask cluster.

    Parameters
    ----------
    job : Job
        What to work out.
    address : str
        Of the scheduler, for example ``tcp://10.0.0.1:8786``.
    patience_s : float
        How long the scheduler may take to answer, and how long it may be without a worker. [s]

    Raises
    ------
    InputError
        If the address is none, nothing or something else answers there, no worker is there in time, or scheduler or
        workers run other versions.

    Notes
    -----
    The subject goes with every task and is not scattered: it is the text of a study, some kilobytes a second for each
    worker, and no lost worker can take it along. A worker keeps what it made of it for the next task.
    """

    def __init__(self, job: Job, address: str, patience_s: float = PATIENCE_S) -> None:
        scheme, host, port = _parsed(address)
        self._address = address
        self._patience_s = patience_s
        self._look_at(scheme, host, port)
        self._calm = _quiet()
        self._calm.__enter__()
        try:
            self._client: Any = _within(patience_s, lambda: _connected(address, patience_s), self._no_scheduler)
            try:
                self._job = self._checked(job)
            except BaseException:
                self._close_client()
                raise
        except BaseException:
            self._calm.__exit__(None, None, None)
            raise
        self._done: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        self._running: dict[int, tuple[Any, _Piece]] = {}
        self._suspects: list[_Piece] = []
        self._waiting: list[_Piece] = []
        self._count = 0
        self._nthreads = (0.0, 1)
        self._without_workers_since: float | None = None

    def _no_scheduler(self, reason: str) -> InputError:
        return InputError(
            f'--scheduler: no Dask scheduler answers at {self._address}: {reason}; start one with "dask scheduler" and '
            "give the address that it prints"
        )

    def _look_at(self, scheme: str, host: str, port: int) -> None:
        """Refuse a port where something else listens, before Dask believes what that sends."""
        begun_s = time.monotonic()
        while True:
            try:
                greeting = _greeting(scheme, host, port, min(self._patience_s, 10.0))
            except TimeoutError:
                raise self._no_scheduler(f"it said nothing for {min(self._patience_s, 10.0):g} s") from None
            except OSError as error:
                if time.monotonic() - begun_s > min(self._patience_s, _STARTING_S):
                    raise self._no_scheduler(error.strerror or str(error)) from None
                time.sleep(0.2)
                continue
            if scheme == "tcp" and _HANDSHAKE not in greeting:
                raise self._no_scheduler("something else listens there")
            return

    def _checked(self, job: Job) -> Job:
        """Return the job with how the workers round; refuse a cluster that runs anything else than this process."""
        client = self._client
        found = _within(self._patience_s, lambda: client.get_versions(check=False), self._no_scheduler)
        wanted = {**dask_versions(), "python": environment()["python"]}
        reports = [("the scheduler", found["scheduler"])]
        reports += [(f"worker {address}", report) for address, report in sorted(found["workers"].items())]
        for who, report in reports:
            packages = {name: str(value) for name, value in (report or {}).get("packages", {}).items()}
            self._refuse_difference(who, {**packages, "python": packages.get("python", "").split(".final")[0]}, wanted)
        try:
            client.wait_for_workers(1, timeout=self._patience_s)
        except TimeoutError:
            raise InputError(
                f"--scheduler: {self._address} has no worker after {self._patience_s:g} s; start some with "
                f'"dask worker {self._address}"'
            ) from None
        settled = job
        for address, (theirs, rounds) in sorted(self._on_workers(_here).items()):
            self._refuse_difference(f"worker {address}", theirs, job.environment)
            settled = replace(settled, arithmetic=_settled(settled, rounds, f"worker {address}"))
        return settled

    def _on_workers(self, function: Callable[[], T]) -> dict[str, T]:
        try:
            answers: dict[str, T] = _within(
                self._patience_s, lambda: self._client.run(function, on_error="return"), self._no_scheduler
            )
        except (ImportError, AttributeError) as error:
            raise self._not_installed("the scheduler", error) from None
        for address, answer in answers.items():
            if isinstance(answer, BaseException):
                raise self._not_installed(f"worker {address}", answer)
        return answers

    def _not_installed(self, who: str, error: BaseException) -> InputError:
        return InputError(
            f"--scheduler: {who} cannot run this version of equipoise ({type(error).__name__}: {error}); install "
            f"equipoise {environment()['equipoise']} there"
        )

    def _refuse_difference(self, who: str, theirs: Any, ours: Any) -> None:
        difference = first_difference(theirs, ours)
        if difference is not None:
            raise InputError(
                f"--scheduler: {who} has {difference}; allowed: the same everywhere, or results could differ"
            )

    def threads(self) -> int:
        """Return how many chunks are worked on at once; asked of the scheduler every few seconds."""
        asked_s, count = self._nthreads
        if time.monotonic() - asked_s > 5.0:
            with suppress(OSError, TimeoutError):
                count = max(1, sum(self._client.nthreads().values()))
            self._nthreads = (time.monotonic(), count)
        return count

    def submit(self, start: int, stop: int) -> None:
        """Have a chunk worked out."""
        self._waiting.append(_Piece(start, stop))
        self._hand_out()

    def _hand_out(self) -> None:
        """Give the scheduler what is waiting; a chunk that was lost with its worker is worked out alone.

        Dask counts a lost worker against everything that was to run on it, so that chunks beside the one that ended it
        come back as well. Alone, it is plain which one does.
        """
        if self._suspects:
            if not self._running:
                self._give(self._suspects.pop(0))
            return
        while self._waiting:
            self._give(self._waiting.pop(0))

    def _give(self, piece: _Piece) -> None:
        self._count += 1
        number = self._count
        key = f"equipoise-{self._job.key[:12]}-{piece.start}-{piece.stop}-{number}"
        try:
            future = self._client.submit(worked, self._job, piece.start, piece.stop, key=key, pure=False, retries=2)
        except Exception as error:
            raise self._gone(str(error)) from error
        self._running[number] = (future, piece)
        future.add_done_callback(lambda done: self._done.put(_Done(number, done)))

    def finished(self, timeout_s: float) -> Worked | None:
        """Return a chunk that is worked out; None if there was none for a while."""
        from distributed import KilledWorker

        self._hand_out()
        try:
            number, future = self._done.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if number not in self._running:
            return None
        if future.status in ("cancelled", "lost"):
            raise self._gone("it no longer knows what it was to do")
        piece = self._running[number][1]
        try:
            result: Worked = future.result(timeout=min(self._patience_s, 10.0))
        except KilledWorker as error:
            del self._running[number]
            if piece.losses == LOSSES:
                raise InputError(
                    f"--scheduler: the runs {piece.start} to {piece.stop} were lost with their worker again and again, "
                    f"the last time {error.last_worker.address}: look there for why it ends (out of memory?); {_KEPT}"
                ) from None
            self._suspects.append(piece._replace(losses=piece.losses + 1))
            return None
        except (ImportError, AttributeError) as error:  # a worker that came later
            raise self._not_installed("a worker", error) from None
        except TimeoutError:  # lost with its worker after it was finished: Dask works it out again
            self._done.put(_Done(number, future))
            return None
        del self._running[number]
        future.release()
        self._without_workers_since = None
        return result

    def check(self) -> str | None:
        """Return what the work waits for; raise if the scheduler, or for too long every worker, is gone."""
        client = self._client
        if client.status not in ("running", "connecting"):
            raise self._gone("the connection is closed")
        try:
            workers = _within(self._patience_s, client.nthreads, self._no_scheduler)
        except (InputError, OSError, TimeoutError) as error:
            raise self._gone(str(error)) from None
        if workers:
            self._without_workers_since = None
            return None
        now = time.monotonic()
        self._without_workers_since = self._without_workers_since or now
        if now - self._without_workers_since > self._patience_s:
            raise InputError(
                f"--scheduler: {self._address} has had no worker for {self._patience_s:g} s; {_KEPT}, once there is one"
            )
        return "waiting for a worker"

    def _gone(self, reason: str) -> InputError:
        return InputError(f"--scheduler: {self._address} went away ({reason}); {_KEPT}")

    def close(self) -> list[Worked]:
        """Call off what is not finished and leave the cluster."""
        rest = []
        while self._running and not self._done.empty():
            number, future = self._done.get()
            with suppress(Exception):
                if self._running.pop(number, None) and future.status == "finished":
                    rest.append(future.result(timeout=2))
        futures = [future for future, _ in self._running.values()]
        self._running.clear()
        with suppress(Exception):
            if futures and self._client.status == "running":
                self._client.cancel(futures, force=True)
        self._close_client()
        self._calm.__exit__(None, None, None)
        return rest

    def _close_client(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=5)


def _greeting(scheme: str, host: str, port: int, wait_s: float) -> bytes:
    """Return what a port says to whoever connects; a scheduler says how it wants to be spoken to."""
    with socket.create_connection((host, port), timeout=wait_s) as line:
        greeting = b""
        while scheme == "tcp" and len(greeting) < 4096 and _HANDSHAKE not in greeting:
            piece = line.recv(4096)
            if not piece:
                break
            greeting += piece
        return greeting


def _here() -> tuple[dict[str, str], dict[str, str]]:
    """Return environment and arithmetic of the process that this runs in."""
    return dict(environment()), dict(arithmetic())


def _settled(job: Job, rounds: Any, who: str) -> Any:
    """Return how every worker rounds; refuse one that rounds otherwise."""
    difference = None if job.arithmetic is None else first_difference(rounds, job.arithmetic)
    if difference is not None:
        their, other = difference.split(", here ")
        raise InputError(
            f"workers: {who} has {their}, and the sweep was begun with {other}: last digits could differ; "
            "use machines of one kind"
        )
    return rounds


def _parsed(address: str) -> tuple[str, str, int]:
    match = ADDRESS.fullmatch(address)
    if match is None or not 0 < int(match["port"]) < 65536:
        raise InputError(
            f'--scheduler: got "{address}"; allowed: tcp://host:port, as "dask scheduler" prints it, or tls://'
        )
    return match["scheme"], match["host"].strip("[]"), int(match["port"])


def _connected(address: str, patience_s: float) -> Any:
    from distributed import Client

    client: Any = Client

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what differs is compared here, and said in one message
        return client(address, timeout=patience_s, set_as_default=False, name="equipoise")


def _within(seconds: float, ask: Callable[[], T], refusal: Callable[[str], Exception]) -> T:
    """Return what a call gives, or refuse after a time that it may not keep to by itself."""
    answers: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((True, ask()))
        except BaseException as error:
            answers.put((False, error))

    threading.Thread(target=run, name="equipoise-asks", daemon=True).start()
    try:
        good, answer = answers.get(timeout=seconds + 5.0)
    except queue.Empty:
        raise refusal(f"no answer for {seconds:g} s") from None
    if good:
        result: T = answer
        return result
    if isinstance(answer, (ImportError, AttributeError)):
        raise answer
    raise refusal(" ".join(str(answer).split()) or type(answer).__name__) from answer


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log off the terminal while a cluster is in use: what matters is said by us."""
    import distributed  # sets the levels of its loggers when it is imported

    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")]
    loggers = [logging.getLogger(name) for name in {*names, "distributed", distributed.__name__, "asyncio"}]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
