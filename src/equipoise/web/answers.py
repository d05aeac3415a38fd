"""Answers to what is asked over HTTP, worked out in processes of their own: the analysis of the command line, as JSON.

Each answer is a function of plain values to bytes, so that it travels to a worker and into a cache. A worker keeps the
studies and the flights that it has met, so that moving a battery engages arcs that are there already.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np

from equipoise import analysis
from equipoise._jit import one_thread
from equipoise.analysis.flight_report import CENTRAL_NORTH_KOREA
from equipoise.analysis.footprint import CONSTRAINTS
from equipoise.analysis.raid import Raid, RaidField, with_doctrine
from equipoise.analysis.raid_answers import curve_point
from equipoise.analysis.raid_panel import raid_panel
from equipoise.analysis.regions import region_above
from equipoise.analysis.replay import Replay, replay_of
from equipoise.analysis.summary import cases_of, defended_region, place_rows, shares, threatened_region
from equipoise.analysis.sweep_grid import values_at
from equipoise.analysis.uncertainty import fraction_quantiles
from equipoise.analysis.varied import read_varied
from equipoise.analysis.what_if import (
    BUSY_ENGAGEMENTS,
    DRAFT_ENGAGEMENTS,
    Flights,
    changed,
    draft_of,
    point_at,
    worst_constraint,
)
from equipoise.catalog import load_catalog
from equipoise.debate import StudyRuns, load_debate, weigh, weighed_json
from equipoise.debate.weighing import claim_of
from equipoise.errors import InputError, UnknownIdError
from equipoise.present.changed_study import changed_raid_text, changed_study_text
from equipoise.present.engagement_answer import engagement_answer
from equipoise.present.export import WRITERS
from equipoise.present.exports import area_geometry
from equipoise.present.flight_test_summary import flight_test_summary
from equipoise.present.footprint_figures import constraint_legend
from equipoise.present.loft_side_view import loft_side_view
from equipoise.present.plain_values import plain
from equipoise.present.range_ring_geojson import range_ring_geojson
from equipoise.present.replay_shapes import Area, degrees_metres, multi_polygon, volume_edges
from equipoise.present.sensitivity_words import sensitivity_figure
from equipoise.present.style import svg_bytes
from equipoise.present.validation_words import validation_answer
from equipoise.study import AnyStudy, NetworkStudy, RaidStudy, Study, load_any_study, study_ids, study_kind
from equipoise.study.model import ExampleEngagement
from equipoise.web.questions import (
    Asked,
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
    Change,
)
from equipoise.web.study_answers import study_answer

_flights = Flights()


@cache
def bundled(id: str) -> AnyStudy:
    """Return a bundled study; a path is none."""
    if id not in study_ids():
        raise UnknownIdError.of("study", id, study_ids())
    return load_any_study(id)


def _footprint_study(asked: Asked) -> Study:
    study = bundled(asked.study)
    if isinstance(study, NetworkStudy | RaidStudy):
        raise InputError(f"study: {study.id} is a {study_kind(study)} study; allowed: a footprint study")
    return changed(study, asked.change.what_if())


def footprint(asked: AskedFootprint, draft_engagements: int = DRAFT_ENGAGEMENTS) -> dict[str, Any]:
    """Return the footprint: areas, places, and what binds in each cell; shares of the land on the full grid alone."""
    whole = _footprint_study(asked)
    study = draft_of(whole, draft_engagements) if asked.detail == "draft" else whole
    # Where many wait, each worker keeps to one processor.
    with one_thread() if draft_engagements < DRAFT_ENGAGEMENTS else nullcontext():
        found = analysis.footprint(study, fans=_flights.of(study))
    cases = cases_of(found)
    codes = worst_constraint(found["margin_s"].values, found["constraint"].values)
    grid, legend = study.grid, constraint_legend(tuple(CONSTRAINTS.values()))
    answer = {
        "study": study.id,
        "detail": asked.detail,
        "site": {
            "id": study.defence.site.id,
            "name": study.defence.site.name,
            "lat_deg": math.degrees(study.defence.site.lat_rad),
            "lon_deg": math.degrees(study.defence.site.lon_rad),
        },
        "radar_range": str(found.attrs["radar_range"]),
        "boresight_deg": math.degrees(study.defence.boresight_rad),
        "shots": asked.shots,
        "defended": area_geometry(defended_region(found, cases, asked.shots)),
        "threatened": area_geometry(threatened_region(found, cases)),
        "places": place_rows(found, cases, study),
        "constraints": {
            "codes": codes.tolist(),
            "legend": {
                str(code): {"word": word, "colour": legend[word][0], "label": legend[word][1]}
                for code, word in CONSTRAINTS.items()
            },
            "south_deg": math.degrees(grid.south_rad),
            "north_deg": math.degrees(grid.north_rad),
            "west_deg": math.degrees(grid.west_rad),
            "east_deg": math.degrees(grid.east_rad),
        },
    }
    if asked.detail == "full":
        answer |= shares(found, cases, study.country, asked.shots)
        answer["launch_areas"] = [
            {
                "missile": str(found["missile"].values[case]),
                "launch_area": str(found["launch_area"].values[case]),
                **shares(found, [case], study.country, asked.shots),
            }
            for case in cases
        ]
    return answer


def uncertainty(asked: AskedUncertainty) -> dict[str, Any]:
    """Return the spread of the defended share over draws of the defence, and in how many of them a place is met."""
    study = _footprint_study(asked)
    found = analysis.footprint_uncertainty(study, draws=asked.draws, shots=asked.shots)
    spread, met = fraction_quantiles(found), found["place_probability_defended"].values
    return {
        "study": study.id,
        "draws": asked.draws,
        "seed": study.uncertainty.seed,
        "shots": asked.shots,
        "threats": [
            {
                "missile": threat.missile.id,
                **spread[threat.missile.id],
                "places": [
                    {"place": place.id, "probability_defended": None if math.isnan(share) else float(share)}
                    for place, share in zip(study.places, met[i], strict=True)
                ],
            }
            for i, threat in enumerate(study.threats)
        ],
    }


def coverage(asked: AskedCoverage) -> dict[str, Any]:
    """Return where the radar sees a target at an altitude, with each of its published ranges, as areas."""
    study = _footprint_study(asked)
    ranges = tuple(dict.fromkeys((*study.radar_ranges, study.defence.radar_range)))
    study = replace(study, radar_ranges=ranges, coverage_altitudes_m=(asked.altitude_km * 1e3,))
    found = analysis.coverage(study)
    seen = found["covered"].isel(altitude=0)
    lat_deg, lon_deg = found["lat_deg"].values, found["lon_deg"].values
    return {
        "study": study.id,
        "altitude_km": asked.altitude_km,
        "areas": [
            {
                "radar_range": str(name),
                "geometry": area_geometry(region_above(seen.values[i].astype(float), lat_deg, lon_deg, 0.5)),
            }
            for i, name in enumerate(found["radar_range"].values)
        ],
    }


def engagement(asked: AskedPoint) -> dict[str, Any]:
    """Return one engagement, and why its target is or is not defended."""
    study = _footprint_study(asked)
    return engagement_answer(analysis.engagement(replace(study, engagement=_example(asked, study))))


def study_file(asked: AskedStudyFile) -> bytes:
    """Return the file of a study with what is changed; its engagement is the one that is asked about."""
    study = bundled(asked.study)
    if isinstance(study, RaidStudy) and asked.change == Change(numbers=asked.change.numbers):
        return changed_raid_text(study, asked.volleys, asked.change.numbers).encode()
    after = _changed_study(asked)
    if isinstance(study, Study) and isinstance(after, Study):
        return changed_study_text(study, asked.change.what_if(), _example(asked, after)).encode()
    return study.text.encode()


def _example(asked: AskedPoint, study: Study) -> ExampleEngagement:
    example = study.engagement
    threat = study.threats[example.threat]
    if asked.launch_area is not None:
        areas = {area.id: area for area in threat.launch_areas}
        if asked.launch_area not in areas:
            raise UnknownIdError.of(f"launch_area of {threat.missile.id}", asked.launch_area, areas)
        example = replace(example, launch_area=areas[asked.launch_area])
    if (asked.at_lat_deg is None) != (asked.at_lon_deg is None):
        raise InputError("at: latitude and longitude go together; got one of them")
    if asked.at_lat_deg is not None and asked.at_lon_deg is not None:
        example = replace(example, target=point_at(asked.at_lat_deg, asked.at_lon_deg, example.target))
    return example


def replay(asked: AskedReplay) -> dict[str, Any]:
    """Return what flies, stands and looks, in degrees, metres and seconds."""
    return replay_answer(_replay(asked))


def _replay(asked: AskedReplay) -> Replay:
    return replay_of(_changed_study(asked))


def _changed_study(asked: AskedReplay) -> AnyStudy:
    study = bundled(asked.study)
    if asked.volleys and not isinstance(study, RaidStudy):
        raise InputError(f"volleys: go with a raid study; {study.id} is a {study_kind(study)} study")
    if isinstance(study, NetworkStudy | RaidStudy):
        if asked.change != Change():
            raise InputError(f"change: goes with a footprint study; {study.id} is a {study_kind(study)} study")
        return with_doctrine(study, asked.volleys) if isinstance(study, RaidStudy) and asked.volleys else study
    return _footprint_study(asked)


def replay_answer(found: Replay) -> dict[str, Any]:
    """Return a replay for JSON; samples are flat: seconds, longitude, latitude, height, one after another."""
    return {
        "study": found.study,
        "title": found.title,
        "end_s": round(found.end_s, 3),
        "notes": list(found.notes),
        "spots": [
            {
                "id": spot.id,
                "name": spot.name,
                "kind": spot.kind,
                "country": spot.country,
                "lat_deg": round(math.degrees(spot.lat_rad), 3),
                "lon_deg": round(math.degrees(spot.lon_rad), 3),
            }
            for spot in found.spots
        ],
        "volumes": [
            {
                "id": volume.id,
                "spot": volume.spot,
                "name": volume.name,
                "range_km": round(volume.range_m / 1e3, 1),
                "rcs_m2": volume.rcs_m2,
                "edges": [edge.ravel().tolist() for edge in volume_edges(found, volume)],
            }
            for volume in found.volumes
        ],
        "sights": [
            {"spot": one.spot, "track": one.track, "start_s": round(one.start_s, 2), "end_s": round(one.end_s, 2)}
            for one in found.sights
        ],
        "tracks": [
            {
                "id": track.id,
                "name": track.name,
                "kind": track.kind,
                "start": track.start,
                "end": track.end,
                "fate": track.fate,
                "samples": np.column_stack([np.round(track.time_s, 2), degrees_metres(track)]).ravel().tolist(),
            }
            for track in found.tracks
        ],
    }


def export(asked: AskedExport) -> bytes:
    """Return a file of what flies and stands, with the footprint of a footprint study."""
    found = _replay(asked)
    areas: tuple[Area, ...] = ()
    if isinstance(bundled(asked.study), Study):
        study = _footprint_study(asked)
        grid = analysis.footprint(study, fans=_flights.of(study))
        region = multi_polygon(defended_region(grid, cases_of(grid), asked.shots))
        names = ", ".join(dict.fromkeys(threat.missile.name for threat in study.threats))
        words = "defended" if asked.shots == 1 else f"time for {asked.shots} shots one after another"
        areas = (Area("footprint", f"{words} against {names}", {"kind": "footprint", "shots": asked.shots}, region),)
    written = WRITERS[asked.format](found, areas)
    return written.encode() if isinstance(written, str) else written


def flight_test(asked: AskedFlightTest) -> dict[str, Any]:
    """Return what an announced flight comes to.

    ``answer`` is the object of ``equipoise flight-test --json``; ``side_view_svg`` and ``ring`` are the picture and the
    GeoJSON of its page.
    """
    record = None if asked.missile is None else load_catalog().missile(asked.missile)
    report = analysis.FlightReport(
        launch=CENTRAL_NORTH_KOREA,
        apogee_m=asked.apogee_km * 1e3,
        range_m=asked.range_km * 1e3,
        time_s=asked.time_s,
        missile=record,
        label="reported flight" if record is None else record.name,
        launch_assumed=True,
    )
    found = analysis.flight_test(report, draws=asked.draws)
    return {
        "answer": flight_test_summary(found),
        "side_view_svg": svg_bytes(loft_side_view(found)).decode(),
        "ring": json.loads(range_ring_geojson(found)),
    }


@cache
def _raid_field(id: str) -> RaidField:
    study = bundled(id)
    if not isinstance(study, RaidStudy):
        raise InputError(f"study: {id} is a {study_kind(study)} study; allowed: a raid study")
    return RaidField.of(study)


def raid_point(asked: AskedRaid, size: int) -> dict[str, Any]:
    """Return one point of the leakage curve of a raid study."""
    field = _raid_field(asked.study)
    panel = raid_panel(field.study)
    varied = read_varied(panel, asked.numbers)
    if any(len(one.values) != 1 for one in varied):
        raise InputError("numbers: allowed: one value each")
    setting = panel.at(values_at(varied, 0)).setting
    study = with_doctrine(field.study, asked.volleys) if asked.volleys else field.study
    raid = Raid.of(study, field.windows(setting), setting, size=size)
    point = curve_point(raid, raid.run(asked.runs, asked.seed))
    names = [layer.id for layer in field.study.layers]
    return {
        "size": point.size,
        "runs": asked.runs,
        "leaked_share": point.leaked.value,
        "leaked_share_low": point.leaked.low,
        "leaked_share_high": point.leaked.high,
        "one_raid_low": point.one_raid[0],
        "one_raid_median": point.one_raid[1],
        "one_raid_high": point.one_raid[2],
        "no_leaker_probability": point.no_leaker.value,
        "layers": [
            {"layer": name, "spent": spent.value, "exhausted_probability": exhausted.value}
            for name, spent, exhausted in zip(names, point.spent, point.exhausted, strict=True)
        ],
    }


def sensitivity(asked: AskedSensitivity) -> dict[str, Any]:
    """Return a study's Sobol indices: the object of ``equipoise sensitivity --json``, and its chart."""
    found = analysis.sensitivity_of(bundled(asked.study), samples=asked.samples)
    command = f"equipoise sensitivity {asked.study} --samples {asked.samples}"
    chart, _ = sensitivity_figure(found, command)
    return {
        "answer": analysis.summary_of(found),
        "chart_svg": chart.svg.decode(),
        "caption": chart.caption,
        "alt": chart.alt,
        "command": command,
    }


def study(id: str) -> dict[str, Any]:
    """Return what a bundled study holds, and what of it may be changed."""
    return study_answer(bundled(id), study_kind(bundled(id)))


def validation() -> dict[str, Any]:
    """Return every published result beside ours: the object of ``equipoise validate --json``."""
    from equipoise.analysis.validation import validate

    return validation_answer(validate())


def claim(id: str) -> dict[str, Any]:
    """Return one claim with what came out: as ``equipoise claims ID --json``."""
    debate = load_debate()
    return weighed_json(debate, weigh(debate, StudyRuns(), (claim_of(debate, id),)))


def warm(studies: tuple[str, ...]) -> bool:
    """Load what the first answer would wait for: kernels, tables, borders, and the flights of some studies."""
    for id in studies:
        threats = study(id).get("threats", ())
        for change in (Change(), *(Change(missile=one["missile"]) for one in threats)):
            footprint(AskedFootprint(study=id, change=change))
            for engagements in (DRAFT_ENGAGEMENTS, BUSY_ENGAGEMENTS):
                footprint(AskedFootprint(study=id, change=change, detail="draft"), engagements)
    return True


def sleep_s(seconds: float) -> bool:
    """Keep a worker busy: for the tests of deadlines."""
    time.sleep(seconds)
    return True


ANSWERS: Final[dict[str, Callable[..., Any]]] = {
    "claim": claim,
    "coverage": coverage,
    "engagement": engagement,
    "export": export,
    "flight_test": flight_test,
    "footprint": footprint,
    "raid_point": raid_point,
    "replay": replay,
    "sensitivity": sensitivity,
    "sleep_s": sleep_s,
    "study": study,
    "study_file": study_file,
    "uncertainty": uncertainty,
    "validation": validation,
    "warm": warm,
}


def answer_bytes(name: str, arguments: tuple[Any, ...]) -> bytes:
    """Work out an answer in a worker and return it as bytes: a file as it is, all else as JSON without nan."""
    found = ANSWERS[name](*arguments)
    if isinstance(found, bytes):
        return found
    return json.dumps(plain(found), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
