"""The HTTP interface: what may be asked, what bounds it, and what is sent with every answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from cachetools import LRUCache
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from sse_starlette import EventSourceResponse

from equipoise._version import __version__
from equipoise.analysis.what_if import BUSY_ENGAGEMENTS
from equipoise.catalog import load_catalog
from equipoise.debate import load_debate
from equipoise.present.export import SUFFIXES
from equipoise.present.record_answer import record_answer, record_list
from equipoise.present.run_directory import MANIFEST, is_run
from equipoise.study import study_ids, study_kind
from equipoise.web.answers import bundled
from equipoise.web.guard import Guard, refuse_in_one_line
from equipoise.web.pool import Workers
from equipoise.web.questions import (
    AskedCoverage,
    AskedExport,
    AskedFlightTest,
    AskedFootprint,
    AskedPoint,
    AskedRaid,
    AskedReplay,
    AskedSensitivity,
    AskedStudyFile,
    AskedUncertainty,
    Id,
)

PAGE = files("equipoise.web") / "page"
MEDIA = {
    "czml": "application/json",
    "kml": "application/vnd.google-earth.kml+xml",
    "geojson": "application/geo+json",
    "acmi": "text/plain; charset=utf-8",
    "netcdf": "application/x-netcdf",
    "parquet": "application/vnd.apache.parquet",
}
NO_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Equipoise</title>
<h1>The page is not built</h1>
<p>This installation has no front end: it was built without Node. The interface works;
<a href="/openapi.json">/openapi.json</a> describes it.</p>
<p>To build the page, install Node 20 or later and run <code>make page</code> in a checkout, then start again.</p>
"""


@dataclass(frozen=True)
class Limits:
    """What the server spends on whoever asks.

    Parameters
    ----------
    processes : int
        Workers.
    room : int
        Answers waiting or under way at once.
    body_bytes : int
        Longest request.
    cache_bytes : int
        Answers kept in memory.
    quick_s, slow_s : float
        Deadlines: of what is asked while something is dragged and looked at, and of what runs a study. [s]
    """

    processes: int = 2
    room: int = 256
    body_bytes: int = 16_384
    cache_bytes: int = 64_000_000
    quick_s: float = 60.0
    slow_s: float = 600.0


def create_app(
    *, limits: Limits | None = None, runs: Path | None = None, token: str | None = None, warm: tuple[str, ...] = ()
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    limits : Limits, optional
        The usual ones by default.
    runs : Path, optional
        Directory of runs that may be read; none by default.
    token : str, optional
        Asked for with every request, as ``Authorization: Bearer`` or once as ``?token=``; none by default.
    warm : tuple of str
        Studies whose flights the workers fly at the start.

    Returns
    -------
    FastAPI
        The application; its workers live as long as it runs.
    """
    limits = Limits() if limits is None else limits

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        workers = Workers(limits.processes, limits.room, warm)
        app.state.workers = workers
        yield
        workers.close()

    app = FastAPI(
        title="Equipoise",
        version=__version__,
        summary="What an area-defence battery can see, defend and stop, on sourced public numbers.",
        lifespan=lifespan,
        redoc_url=None,
        docs_url=None,
    )
    app.add_middleware(GZipMiddleware, minimum_size=20_000, compresslevel=4)
    app.add_middleware(Guard, body_bytes=limits.body_bytes, token=token)
    refuse_in_one_line(app)
    answers = _Answers(app, limits)
    _facts(app, answers)
    _questions(app, answers)
    _runs(app, runs)
    _page(app)
    return app


class _Answers:
    """Answers by content: the same question twice is worked out once."""

    def __init__(self, app: FastAPI, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._kept: LRUCache[str, bytes] = LRUCache(limits.cache_bytes, getsizeof=len)

    async def of(self, name: str, *arguments: Any, slow: bool = False) -> tuple[bytes, str]:
        """Return an answer with the hash of what was asked."""
        plain = [one.model_dump(mode="json") if isinstance(one, BaseModel) else one for one in arguments]
        key = hashlib.sha256(json.dumps([__version__, name, plain], sort_keys=True).encode()).hexdigest()
        found = self._kept.get(key)
        if found is None:
            deadline_s = self._limits.slow_s if slow else self._limits.quick_s
            found = await self._app.state.workers.answer(name, *arguments, deadline_s=deadline_s)
            if len(found) <= self._limits.cache_bytes // 4:
                self._kept[key] = found
        return found, key

    async def json(self, request: Request, name: str, *arguments: Any, slow: bool = False) -> Response:
        """Return an answer as JSON, or that it has not changed."""
        found, key = await self.of(name, *arguments, slow=slow)
        tag = f'"{key[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(found, media_type="application/json", headers={"ETag": tag})


def _facts(app: FastAPI, answers: _Answers) -> None:
    @app.get("/api/about")
    async def about() -> dict[str, str]:
        """Return the version and the licences."""
        return {"name": "Equipoise", "version": __version__, "code": "Apache-2.0", "catalogue": "CC-BY-4.0"}

    @app.get("/api/studies")
    async def studies() -> list[dict[str, str]]:
        """List the bundled studies."""
        return [
            {"id": one.id, "kind": study_kind(one), "title": one.title, "summary": one.summary}
            for one in map(bundled, study_ids())
        ]

    @app.get("/api/studies/{id}")
    async def study(request: Request, id: Annotated[Id, InPath()]) -> Response:
        """Return what a study holds, and what of it may be changed."""
        return await answers.json(request, "study", id)

    @app.get("/api/catalogue")
    async def catalogue() -> list[dict[str, str]]:
        """List the catalogue's records."""
        return record_list(load_catalog())

    @app.get("/api/catalogue/{id}")
    async def record(id: Annotated[Id, InPath()]) -> dict[str, Any]:
        """Return a record: every number with its range, unit, grade and source."""
        library = load_catalog()
        return record_answer(library, library.record(id))

    @app.get("/api/validation")
    async def validation(request: Request) -> Response:
        """Return every published result beside ours."""
        return await answers.json(request, "validation", slow=True)

    @app.get("/api/claims")
    async def claims() -> list[dict[str, Any]]:
        """List the ledger: who said what when, and how it can be tested."""
        debate = load_debate()
        questions = {question.id: question.title for question in debate.questions}
        return [
            {
                "id": claim.id,
                "speaker": claim.speaker.name,
                "role": claim.speaker.role,
                "date": claim.date,
                "outlet": claim.outlet,
                "words": claim.words,
                "question": questions[claim.question],
                "tested": bool(claim.tests),
                "studies": sorted({test.study for test in claim.tests}),
            }
            for claim in debate.claims
        ]

    @app.get("/api/claims/{id}")
    async def claim(request: Request, id: Annotated[Id, InPath()]) -> Response:
        """Return one claim with what came out: it runs every study that bears on it, once."""
        return await answers.json(request, "claim", id, slow=True)


def _questions(app: FastAPI, answers: _Answers) -> None:
    @app.post("/api/footprint")
    async def footprint(request: Request, asked: AskedFootprint) -> Response:
        """Return what is defended, and what binds where nothing is."""
        if asked.detail == "draft" and app.state.workers.is_busy:
            return await answers.json(request, "footprint", asked, BUSY_ENGAGEMENTS)
        return await answers.json(request, "footprint", asked)

    @app.post("/api/uncertainty")
    async def uncertainty(request: Request, asked: AskedUncertainty) -> Response:
        """Return how sure a footprint is: the defence drawn from the catalogue's ranges."""
        return await answers.json(request, "uncertainty", asked, slow=True)

    @app.post("/api/coverage")
    async def coverage(request: Request, asked: AskedCoverage) -> Response:
        """Return where the radar sees a target at an altitude."""
        return await answers.json(request, "coverage", asked)

    @app.post("/api/engagement")
    async def engagement(request: Request, asked: AskedPoint) -> Response:
        """Return one engagement, and why its target is or is not defended."""
        return await answers.json(request, "engagement", asked)

    @app.post("/api/replay")
    async def replay(request: Request, asked: AskedReplay) -> Response:
        """Return what flies, stands and looks, in time."""
        return await answers.json(request, "replay", asked)

    @app.post("/api/flight-test")
    async def flight_test(request: Request, asked: AskedFlightTest) -> Response:
        """Return what an announced apogee, range and time come to."""
        return await answers.json(request, "flight_test", asked)

    @app.post("/api/export")
    async def export(asked: AskedExport) -> Response:
        """Return what flies and stands, with the footprint, for another program."""
        found, _ = await answers.of("export", asked)
        return _file(found, MEDIA[asked.format], f"{asked.study}{SUFFIXES[asked.format]}")

    @app.post("/api/study-file")
    async def study_file(asked: AskedStudyFile) -> Response:
        """Return the file of a study with what is changed, for ``equipoise run``."""
        found, _ = await answers.of("study_file", asked)
        return _file(found, "application/yaml", f"{asked.study}.yaml")

    @app.post("/api/sensitivity")
    async def sensitivity(request: Request, asked: AskedSensitivity) -> Response:
        """Return the Sobol indices of a study, and their chart: which disputed number its answer hangs on."""
        return await answers.json(request, "sensitivity", asked, slow=True)

    @app.get("/api/raid")
    async def raid(request: Request, asked: Annotated[AskedRaid, Query()]) -> Response:
        """Send the leakage curve of a raid point by point, as events; whoever hangs up stops it."""
        points = [await answers.of("raid_point", asked, asked.sizes[0])]  # what is wrong is said before any event

        async def events() -> AsyncIterator[dict[str, str]]:
            for done, size in enumerate(asked.sizes, start=1):
                if await request.is_disconnected():
                    return
                found, _ = points.pop() if points else await answers.of("raid_point", asked, size)
                progress = {"done": done, "of": len(asked.sizes)}
                yield {"event": "point", "data": json.dumps({**progress, **json.loads(found)})}
            yield {"event": "end", "data": "{}"}

        return EventSourceResponse(events())


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _runs(app: FastAPI, runs: Path | None) -> None:
    def run_at(name: str) -> Path:
        if runs is not None and not name.startswith(".") and name in {path.name for path in runs.iterdir()}:
            path = runs / name
            if path.is_dir() and not path.is_symlink() and is_run(path):
                return path
        raise HTTPException(404, "run: no such run")

    @app.get("/api/runs")
    async def list_runs() -> list[dict[str, Any]]:
        """List the runs of the server's directory."""
        if runs is None or not runs.is_dir():
            return []
        found = [path for path in sorted(runs.iterdir()) if not path.is_symlink() and path.is_dir() and is_run(path)]
        return [{"name": path.name, "files": sorted(_files_of(path))} for path in found]

    @app.get("/api/runs/{name}/{file:path}")
    async def run_file(name: str, file: str) -> FileResponse:
        """Return a file of a run, if its manifest lists it."""
        path = run_at(name)
        if file != MANIFEST and file not in _files_of(path):
            raise HTTPException(404, "file: the run's manifest lists no such file")
        if not (path / file).resolve().is_relative_to(path.resolve()):
            raise HTTPException(404, "file: outside the run")
        return FileResponse(path / file)


def _files_of(run: Path) -> set[str]:
    listed: dict[str, Any] = json.loads((run / MANIFEST).read_text(encoding="utf-8"))["files"]
    return set(listed)


def _page(app: FastAPI) -> None:
    page = Path(str(PAGE))
    if (page / "index.html").is_file():
        app.mount("/", StaticFiles(directory=page, html=True), name="page")
        return

    @app.get("/", include_in_schema=False)
    async def no_page() -> HTMLResponse:
        return HTMLResponse(NO_PAGE, status_code=503)
