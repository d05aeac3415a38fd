"""``equipoise export``: each format read back by a program that is not ours."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
import xarray as xr
from fastkml.validator import validate
from lxml import etree
from pyacmi import Acmi
from pyproj import Geod
from whole_commands import Command, network_study_file, raid_study_file, study_file

from equipoise.analysis.replay import Replay, replay_of
from equipoise.present import run as run_module
from equipoise.present.export import WRITERS
from equipoise.present.replay_geojson import replay_geojson
from equipoise.study import load_any_study

KINDS = {"footprint": study_file, "network": network_study_file, "raid": raid_study_file}
GEOD = Geod(ellps="WGS84")
# Half of the last digit that is written, on the ground: 1e-6 of a degree.
WRITTEN_M = 0.2


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a small footprint study."""
    place = tmp_path_factory.mktemp("made")
    file = study_file(place)
    run_module.write_run(load_any_study(str(file)), str(file), place / "run", lambda _words, _share: None)
    return place / "run"


@pytest.fixture(scope="module", params=KINDS)
def replay(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Replay:
    file = KINDS[request.param](tmp_path_factory.mktemp(request.param))
    return replay_of(load_any_study(str(file)))


def exported(equipoise: Command, run: Path, format: str, out: Path, *more: str) -> Path:
    outcome = equipoise("export", str(run), "--format", format, "--out", str(out), *more)
    assert outcome.code == 0, outcome.err
    assert outcome.err.endswith(f"{format}: {out}\n")
    return out


@pytest.mark.parametrize("format", WRITERS)
def test_the_same_run_gives_the_same_bytes(equipoise: Command, run: Path, tmp_path: Path, format: str) -> None:
    first, second = (exported(equipoise, run, format, tmp_path / name) for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_czml_is_a_clock_and_everything_that_moves(equipoise: Command, run: Path, tmp_path: Path) -> None:
    document, *packets = json.loads(exported(equipoise, run, "czml", tmp_path / "x.czml").read_text())
    assert document["id"] == "document"
    assert document["version"] == "1.0"
    start, end = map(datetime.fromisoformat, document["clock"]["interval"].split("/"))
    assert len({packet["id"] for packet in packets}) == len(packets)
    moving = [packet for packet in packets if "path" in packet]
    assert {packet["id"].partition("/")[0] for packet in moving} == {"missile", "interceptor"}
    for packet in moving:
        samples = np.array(packet["position"]["cartographicDegrees"]).reshape(-1, 4)
        begins, ends = map(datetime.fromisoformat, packet["availability"].split("/"))
        epoch = datetime.fromisoformat(packet["position"]["epoch"])
        assert start <= begins < ends <= end
        # To the millisecond that is written.
        assert (begins - epoch).total_seconds() == pytest.approx(samples[0, 0], abs=1e-3)
        assert (ends - epoch).total_seconds() == pytest.approx(samples[-1, 0], abs=1e-3)
        assert np.all(np.diff(samples[:, 0]) > 0.0)
    assert sum("polygon" in packet for packet in packets) > 0


def test_kml_keeps_to_the_schema_and_gdal_reads_it(replay: Replay, tmp_path: Path) -> None:
    file = tmp_path / "x.kml"
    text = WRITERS["kml"](replay, ())
    assert isinstance(text, str)
    file.write_text(text, encoding="utf-8")
    assert validate(file_to_validate=file)  # the schema of OGC, with Google's extensions
    tracks = geopandas.read_file(file, layer="What flies", driver="LIBKML")
    assert list(tracks["Name"]) == [track.name for track in replay.tracks]
    for row, track in zip(tracks.itertuples(), replay.tracks, strict=True):
        written = shapely.get_coordinates(row.geometry, include_z=True)
        assert written.shape == (len(track.time_s), 3)
        assert_same_path(written, track)
        assert (row.end - row.begin).total_seconds() == pytest.approx(track.time_s[-1] - track.time_s[0], abs=2e-3)
    spots = geopandas.read_file(file, layer="Places, batteries, sensors", driver="LIBKML")
    assert set(spots["Name"]) == {spot.name for spot in replay.spots}


def test_kml_has_the_areas_of_the_run(equipoise: Command, run: Path, tmp_path: Path) -> None:
    file = exported(equipoise, run, "kml", tmp_path / "x.kml")
    assert validate(file_to_validate=file)
    areas = geopandas.read_file(file, layer="Areas", driver="LIBKML")
    own = geopandas.read_file(run / "footprint.geojson")
    own = own[own.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    assert sum(map(shapely.area, areas.geometry)) == pytest.approx(sum(map(shapely.area, own.geometry)), rel=1e-9)
    assert etree.parse(file).getroot().tag == "{http://www.opengis.net/kml/2.2}kml"


def assert_same_path(written: Any, track: Any) -> None:
    """Compare longitude, latitude and height that another program read with a track."""
    _, _, apart_m = GEOD.inv(written[:, 0], written[:, 1], np.degrees(track.lon_rad), np.degrees(track.lat_rad))
    assert np.max(apart_m) < WRITTEN_M
    assert np.max(np.abs(written[:, 2] - track.altitude_m)) <= 0.5  # whole metres


def test_geojson_opens_in_a_mapping_program(equipoise: Command, run: Path, tmp_path: Path) -> None:
    file = exported(equipoise, run, "geojson", tmp_path / "x.geojson")
    frame = geopandas.read_file(file)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert set(frame["kind"]) == {"footprint", "volume", "battery", "launch_area", "target", "missile", "interceptor"}
    shells = [ring for area in frame.geometry[frame["kind"] == "footprint"] for ring in polygons_of(area)]
    assert shells
    assert all(shapely.is_ccw(ring.exterior) for ring in shells)


def polygons_of(geometry: Any) -> list[Any]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def test_geojson_is_parted_at_the_date_line_and_nothing_is_lost(tmp_path: Path) -> None:
    replay = replay_of(load_any_study("china-view"))  # arcs to North America
    features = json.loads(replay_geojson(replay, ()))["features"]
    tracks = {one["id"]: one for one in features if one["properties"]["kind"] == "missile"}
    crossing = 0
    for track in replay.tracks:
        geometry = shapely.geometry.shape(tracks[f"missile/{track.id}"]["geometry"])
        pieces = [shapely.get_coordinates(piece, include_z=True) for piece in shapely.get_parts(geometry)]
        crossing += len(pieces) > 1
        length_m = sum(GEOD.line_length(piece[:, 0], piece[:, 1]) for piece in pieces)
        whole_m = GEOD.line_length(np.degrees(track.lon_rad), np.degrees(track.lat_rad))
        # A crossing is interpolated in degrees, not along a geodesic: metres on thousands of kilometres.
        assert length_m == pytest.approx(whole_m, rel=1e-5)
        for piece in pieces:
            assert np.max(np.abs(np.diff(piece[:, 0]))) < 180.0
        for before, after in pairwise(pieces):
            assert abs(before[-1, 0]) == 180.0
            assert before[-1].tolist() == [-after[0, 0], *after[0, 1:].tolist()]
        times = tracks[f"missile/{track.id}"]["properties"]["times_s"]
        nested = times if len(pieces) > 1 else [times]
        assert [len(part) for part in nested] == [len(piece) for piece in pieces]
    assert crossing > 5


def test_tacview_reads_the_recording(replay: Replay, tmp_path: Path) -> None:
    file = tmp_path / "x.acmi"
    text = WRITERS["acmi"](replay, ())
    assert isinstance(text, str)
    file.write_text(text, encoding="utf-8")
    recording = Acmi()
    recording.load_acmi(str(file))
    assert (recording.file_type, str(recording.file_version)) == ("text/acmi/tacview", "2.2")
    assert recording.title == replay.title
    named = {one.get_value("Name").replace("\\,", ","): one for one in recording.objects.values()}
    assert set(named) == {spot.name for spot in replay.spots} | {track.name for track in replay.tracks}
    for track in replay.tracks:
        one = named[track.name]
        assert one.is_missile
        assert one.removed_at == pytest.approx(track.time_s[-1], abs=1e-3)
        for n in (0, len(track.time_s) // 2, -1):
            at_s = round(float(track.time_s[n]), 3)
            if at_s % 1.0 and n not in (0, -1):
                at_s = float(np.floor(at_s))
            lat, lon = (np.interp(at_s, track.time_s, np.degrees(np.unwrap(x))) for x in (track.lat_rad, track.lon_rad))
            height_m = np.interp(at_s, track.time_s, track.altitude_m)
            _, _, apart_m = GEOD.inv(one.longitude(at_s), one.latitude(at_s), lon, lat)
            # A millisecond of a missile's flight, beside the last digit.
            assert apart_m < 10.0
            assert one.altitude(at_s) == pytest.approx(height_m, abs=10.0)


def test_netcdf_is_a_cf_trajectory(replay: Replay) -> None:
    data = WRITERS["netcdf"](replay, ())
    assert isinstance(data, bytes)
    with xr.open_dataset(io.BytesIO(data), engine="h5netcdf") as dataset:
        assert dataset.attrs["featureType"] == "trajectory"
        assert dataset.attrs["Conventions"] == "CF-1.11"
        assert dataset["trajectory"].attrs["cf_role"] == "trajectory_id"
        assert dataset["row_size"].attrs["sample_dimension"] == "obs"
        assert int(dataset["row_size"].sum()) == dataset.sizes["obs"]
        assert list(dataset["trajectory"].values) == [track.id for track in replay.tracks]
        ends = np.cumsum(dataset["row_size"].values)
        lands = pd.DatetimeIndex(dataset["time"].values[ends - 1])
        seconds = (lands - pd.Timestamp("2000-01-01")).total_seconds()
        assert np.allclose(seconds, [track.time_s[-1] for track in replay.tracks], atol=1e-6)
        for name, standard in (("lat", "latitude"), ("lon", "longitude"), ("alt", "height_above_reference_ellipsoid")):
            assert dataset[name].attrs["standard_name"] == standard


def test_parquet_has_a_row_for_each_point(replay: Replay) -> None:
    data = WRITERS["parquet"](replay, ())
    assert isinstance(data, bytes)
    table = pq.read_table(io.BytesIO(data))
    assert table.num_rows == sum(len(track.time_s) for track in replay.tracks)
    assert {b"title", b"study", b"notes", b"generator"} <= set(table.schema.metadata)
    frame = table.to_pandas()
    highest = frame.groupby("track", observed=True)["altitude_m"].max()
    for track in replay.tracks:
        assert highest[track.id] == track.altitude_m.max()


def test_an_array_of_the_run_as_parquet(equipoise: Command, run: Path, tmp_path: Path) -> None:
    file = exported(equipoise, run, "parquet", tmp_path / "x.parquet", "--table", "footprint")
    table = pq.read_table(file)
    with xr.open_dataset(run / "footprint.nc", engine="h5netcdf") as dataset:
        counted = int(np.isfinite(dataset["margin_s"].values).sum())
    assert table.schema.field("margin_s").metadata == {b"units": b"s"}
    assert int(np.isfinite(table["margin_s"].to_numpy()).sum()) == counted > 0


def test_missiles_come_down_at_their_targets_and_shots_meet_them(replay: Replay) -> None:
    """The catalogue's places are where tracks end, and a shot's end lies on the track that it is shot at."""
    spots = {spot.id: spot for spot in replay.spots}
    tracks = {track.id: track for track in replay.tracks}
    assert {track.kind for track in replay.tracks} >= {"missile"}
    for track in replay.tracks:
        lon, lat = np.degrees(track.lon_rad), np.degrees(track.lat_rad)
        start = spots[track.start]
        _, _, off_m = GEOD.inv(lon[0], lat[0], np.degrees(start.lon_rad), np.degrees(start.lat_rad))
        assert off_m < 1.0
        if track.fate == "comes down":
            end = spots[track.end]
            _, _, off_m = GEOD.inv(lon[-1], lat[-1], np.degrees(end.lon_rad), np.degrees(end.lat_rad))
            assert off_m < 5.0  # what aiming solves to
            assert track.altitude_m[-1] < 1.0
        if track.kind == "interceptor":
            aimed = tracks[track.end]
            if track.time_s[-1] > aimed.time_s[-1]:
                continue  # somebody else killed it before
            at = [
                np.interp(track.time_s[-1], aimed.time_s, x) for x in (aimed.lon_rad, aimed.lat_rad, aimed.altitude_m)
            ]
            _, _, off_m = GEOD.inv(lon[-1], lat[-1], np.degrees(at[0]), np.degrees(at[1]))
            # The target is interpolated between samples 4 s apart, over whose middle a falling missile is 20 m off its
            # chord; the interceptor is solved to a metre.
            assert off_m < 100.0
            assert track.altitude_m[-1] == pytest.approx(at[2], abs=100.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "--format", "kml"), "run: nowhere is not a run"),
        (("RUN", "--format", "dxf"), "--format: 'dxf' is not one of"),
        (
            ("RUN", "--format", "kml", "--table", "footprint"),
            "table: goes with the format parquet alone; got the format kml",
        ),
        (("RUN", "--format", "parquet", "--table", "margin"), "table: margin is no array of this run; allowed: "),
    ],
)
def test_bad_input_is_one_line(
    equipoise: Command,
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = equipoise("export", *(str(run) if one == "RUN" else one for one in arguments))
    assert outcome.code == 2
    assert words in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_it_is_to_go(
    equipoise: Command, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.czml").write_text("mine")
    outcome = equipoise("export", str(run), "--format", "czml")
    assert outcome.code == 2
    assert "mine.czml exists; name another file, or write over it with --replace" in outcome.err
    assert (tmp_path / "mine.czml").read_text() == "mine"
    assert equipoise("export", str(run), "--format", "czml", "--replace").code == 0
    assert (tmp_path / "mine.czml").read_text() != "mine"


def test_a_run_of_other_records_is_refused(equipoise: Command, run: Path, tmp_path: Path) -> None:
    other = tmp_path / "run"
    other.mkdir()
    for file in ("study.yaml", "manifest.json"):
        (other / file).write_bytes((run / file).read_bytes())
    text = (other / "manifest.json").read_text()
    digest = json.loads(text)["catalogue"]["missile/nodong"]
    (other / "manifest.json").write_text(text.replace(digest, "0" * 64))
    outcome = equipoise("export", str(other), "--format", "kml", "--out", str(tmp_path / "x.kml"))
    assert outcome.code == 2
    assert "made from other catalogue records than today's (missile/nodong); run the study again" in outcome.err


def test_no_spot_is_finer_than_the_catalogue_has_it(replay: Replay) -> None:
    """Spots are towns: three decimals at most, in every format."""
    text = WRITERS["geojson"](replay, ())
    assert isinstance(text, str)
    for one in json.loads(text)["features"]:
        if one["geometry"]["type"] == "Point":
            assert all(re.fullmatch(r"-?\d+(\.\d{1,3})?", repr(value)) for value in one["geometry"]["coordinates"])
