"""The HTTP interface: the numbers of the command line, bounds on everything, and no way out of its directory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pyarrow.parquet as pq
import pytest
import schemathesis
import shapely
import yaml
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whole_commands import Command, study_file

from equipoise.analysis.regions import area_km2
from equipoise.analysis.replay import replay_of
from equipoise.present import run as run_module
from equipoise.study import load_any_study, load_study, study_ids
from equipoise.web import Limits, create_app
from equipoise.web.answers import replay_answer

DRAFT = {"study": "lofted-nodong", "detail": "draft"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one run, a secret beside it, and a link out of it."""
    place = tmp_path_factory.mktemp("served")
    runs = place / "runs"
    runs.mkdir()
    file = study_file(place)
    run_module.write_run(load_any_study(str(file)), str(file), runs / "mine", lambda _words, _share: None)
    (place / "secret.txt").write_text("secret")
    (runs / "mine" / "unlisted.txt").write_text("secret")
    (runs / "not-a-run").mkdir()
    (runs / "link").symlink_to(place, target_is_directory=True)
    return runs


@pytest.fixture(scope="module")
def client(runs: Path) -> Iterator[TestClient]:
    limits = Limits(processes=2, quick_s=120.0, body_bytes=4_096)
    with TestClient(create_app(limits=limits, runs=runs), raise_server_exceptions=False) as client:
        yield client


def asked(client: TestClient, path: str, **question: Any) -> Any:
    answer = client.post(f"/api/{path}", json=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_footprint_is_that_of_the_command_line(client: TestClient, equipoise: Command) -> None:
    said = json.loads(equipoise("footprint", "lofted-nodong", "--draws", "0", "--json").out)
    found = asked(client, "footprint", study="lofted-nodong")
    for name in ("defended_area_km2", "defended_land_area_km2", "defended_fraction", "threatened_fraction", "places"):
        assert found[name] == said[name]
    # The polygon that goes out is the one that was measured, to the fourth decimal of a degree.
    assert area_km2(shapely.geometry.shape(found["defended"])) == pytest.approx(said["defended_area_km2"], rel=1e-3)


def test_a_number_moved_here_is_that_number_moved_there(client: TestClient, equipoise: Command, tmp_path: Path) -> None:
    key, out = "interceptor.burnout_speed", tmp_path / "sweep"
    assert equipoise("sweep", "lofted-nodong", "--vary", f"{key}=2.4,3", "--out", str(out)).code == 0
    rows = pq.read_table(out / "results.parquet").to_pylist()
    for row in rows:
        change = {"numbers": [f"{key}={row['interceptor_burnout_speed_km_s']:g} km/s"]}
        found = asked(client, "footprint", study="lofted-nodong", change=change)
        # A sweep counts cells of a coarser grid: the difference is what its edge crosses.
        assert found["defended_fraction"] == pytest.approx(row["defended_fraction_nodong"], abs=0.03)
    assert rows[0]["defended_fraction_nodong"] < rows[1]["defended_fraction_nodong"]


def test_a_moved_battery_takes_its_footprint_along(client: TestClient) -> None:
    change = {"missile": "nodong"}
    home = asked(client, "footprint", **DRAFT, change=change)
    moved = asked(client, "footprint", **DRAFT, change={**change, "lat_deg": 36.9, "lon_deg": 127.0})
    assert moved["site"] == {"id": "point", "name": "36.90° N, 127.00° E", "lat_deg": 36.9, "lon_deg": 127.0}
    assert home["site"]["id"] == "seongju"
    assert moved["defended"] != home["defended"]
    back = {**change, "lat_deg": round(home["site"]["lat_deg"], 2), "lon_deg": round(home["site"]["lon_deg"], 2)}
    assert asked(client, "footprint", **DRAFT, change=back)["places"] == home["places"]


def test_the_file_of_a_changed_study_gives_the_same_footprint(
    client: TestClient, equipoise: Command, tmp_path: Path
) -> None:
    change = {
        "missile": "nodong",
        "launch_areas": ["sinpo", "tonghae"],
        "lat_deg": 36.5,
        "lon_deg": 127.25,
        "numbers": ["interceptor.burnout_speed=2.3 km/s", "study.track_until=launch"],
    }
    question = {"study": "lofted-nodong", "change": change}
    answer = client.post("/api/study-file", json={**question, "at_lat_deg": 35.55, "at_lon_deg": 129.3})
    assert answer.headers["content-disposition"] == 'attachment; filename="lofted-nodong.yaml"'
    file = tmp_path / "changed.yaml"
    file.write_bytes(answer.content)
    said = json.loads(equipoise("footprint", str(file), "--draws", "0", "--json").out)
    found = asked(client, "footprint", **question)
    for name in ("defended_area_km2", "defended_fraction", "places"):
        assert found[name] == said[name]
    for row in found["places"]:
        assert row["fewest_shots"] is None or (row["fewest_shots"] >= 1) == row["defended"]
    assert load_study(file).engagement.target.name == "35.55° N, 129.30° E"
    # What does not change is the file as it stands; what cannot change says so.
    for study in ("lofted-nodong", "china-view", "seongju-raid"):
        assert client.post("/api/study-file", json={"study": study}).text == load_any_study(study).text
    refused = client.post("/api/study-file", json={"study": "china-view", "change": {"missile": "nodong"}})
    assert (refused.status_code, "china-view is a network study" in refused.json()["error"]) == (422, True)


def test_a_doctrine_of_more_shots_counts_what_each_engagement_has_time_for(client: TestClient) -> None:
    change = {"missile": "nodong", "numbers": ["battery.commit_delay=40 s"]}
    one, two, three = (
        asked(client, "footprint", study="lofted-nodong", shots=shots, change=change) for shots in (1, 2, 3)
    )
    fractions = [found["defended_fraction"] for found in (one, two, three)]
    assert fractions == sorted(fractions, reverse=True)
    assert 0.0 < fractions[1] < fractions[0]
    once, twice = (shapely.geometry.shape(found["defended"]) for found in (one, two))
    # Both are drawn from cells of half a degree's tenth: the outer edge of one may cross the other by half of that.
    assert twice.difference(once.buffer(0.05)).is_empty
    areas = [one["id"] for one in client.get("/api/studies/lofted-nodong").json()["threats"][0]["launch_areas"]]
    rows = {row["place"]: row for row in two["places"]}
    for place in ("busan", "daegu"):
        shots = [
            asked(
                *(client, "engagement"),
                study="lofted-nodong",
                change={**change, "target": place},
                launch_area=area,
            )["shots"]
            for area in areas
        ]
        assert rows[place]["fewest_shots"] == min(shots)


def test_a_raid_with_another_doctrine_flies_as_its_file_does(
    client: TestClient, equipoise: Command, tmp_path: Path
) -> None:
    question = {"study": "seongju-raid", "volleys": [2, 2]}
    found = asked(client, "replay", **question)
    file = tmp_path / "doctrine.yaml"
    file.write_bytes(client.post("/api/study-file", json=question).content)
    again = replay_answer(replay_of(load_any_study(file)))
    assert again["tracks"] == found["tracks"]
    assert found["tracks"] != asked(client, "replay", study="seongju-raid")["tracks"]
    # The Raid page's numbers go into the file too, and the command line has the same leakage from it.
    numbers = ["thaad.interceptor.kill_probability=0.55", "common_mode.track_probability=0.9"]
    file.write_bytes(client.post("/api/study-file", json={**question, "change": {"numbers": numbers}}).content)
    said = json.loads(equipoise("raid", str(file), "--runs", "500", "--seed", "1", "--json").out)["curve"][0]
    query = {**question, "numbers": numbers, "sizes": [said["missiles"]], "runs": 500, "seed": 1}
    with client.stream("GET", "/api/raid", params=query) as answer:
        (point,) = [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith('data: {"done')]
    assert point["leaked_share"] == pytest.approx(said["leaked_share"], rel=1e-8)
    unwritable = {**question, "change": {"numbers": ["thaad.battery.launchers=7"]}}
    refused = client.post("/api/study-file", json=unwritable)
    assert (refused.status_code, "has no field in a raid study's file" in refused.json()["error"]) == (422, True)
    refused = client.post("/api/replay", json={"study": "seongju", "volleys": [1]})
    assert (refused.status_code, refused.json()["error"]) == (
        *(422, "volleys: go with a raid study; seongju is a footprint study"),
    )


def test_how_sure_a_footprint_is_is_that_of_the_command_line(client: TestClient, equipoise: Command) -> None:
    said = json.loads(equipoise("footprint", "lofted-nodong", "--draws", "40", "--json").out)["threats"][0]
    once, twice = (
        asked(client, "uncertainty", study="lofted-nodong", draws=40, shots=shots)["threats"][0] for shots in (1, 2)
    )
    for name in ("defended_fraction_p05", "defended_fraction_p50", "defended_fraction_p95"):
        assert once[name] == said[name]
        assert twice[name] <= once[name]
    for place, more in zip(once["places"], twice["places"], strict=True):
        assert (place["probability_defended"] is None) == (more["probability_defended"] is None)
        assert more["probability_defended"] is None or more["probability_defended"] <= place["probability_defended"]
    assert any(place["probability_defended"] not in (None, 0.0, 1.0) for place in once["places"])


def test_every_cell_has_what_binds_it(client: TestClient) -> None:
    found = asked(client, "footprint", **DRAFT)["constraints"]
    codes = {str(code) for row in found["codes"] for code in row}
    assert codes <= set(found["legend"])
    assert {"defended", "timeline", "not_threatened"} <= {one["word"] for one in found["legend"].values()}
    assert found["south_deg"] < found["north_deg"]


def test_a_doctrine_is_that_of_a_study_with_it(client: TestClient, equipoise: Command, tmp_path: Path) -> None:
    own = yaml.safe_load(client.get("/api/studies/seongju-raid").json()["text"])
    for layer in own["layers"]:
        layer["doctrine"] = [{"volleys": [1]}]
    file = tmp_path / "one-shot.yaml"
    file.write_text(yaml.safe_dump(own))
    said = json.loads(equipoise("raid", str(file), "--runs", "500", "--seed", "1", "--json").out)["curve"][0]
    question = {"study": "seongju-raid", "sizes": [said["missiles"]], "runs": 500, "seed": 1}
    found = []
    for volleys in ([1], [2]):
        with client.stream("GET", "/api/raid", params={**question, "volleys": volleys}) as answer:
            (point,) = [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith('data: {"done')]
        found.append(point["leaked_share"])
    assert found[0] == pytest.approx(said["leaked_share"], rel=1e-8)  # the command rounds to nine digits
    assert found[1] < found[0]  # five missiles spend no magazine: a second shot can only help


def test_a_sensitivity_is_that_of_the_command_line(client: TestClient, equipoise: Command) -> None:
    said = json.loads(equipoise("sensitivity", "seongju-raid", "--samples", "16", "--json").out)
    found = asked(client, "sensitivity", study="seongju-raid", samples=16)
    assert found["answer"] == said
    assert found["command"] == "equipoise sensitivity seongju-raid --samples 16"
    assert found["chart_svg"].lstrip().startswith("<?xml")
    refused = client.post("/api/sensitivity", json={"study": "china-view"})
    assert (refused.status_code, "allowed: footprint, raid" in refused.json()["error"]) == (422, True)


def test_coverage_has_the_range_that_is_asked_about(client: TestClient) -> None:
    published = asked(client, "coverage", study="seongju", altitude_km=200)["areas"]
    change = {"numbers": ["study.radar_range=hardware"]}
    found = asked(client, "coverage", study="seongju", altitude_km=200, change=change)["areas"]
    assert [one["radar_range"] for one in found] == [*(one["radar_range"] for one in published), "hardware"]


def test_an_engagement_says_why_in_a_sentence(client: TestClient) -> None:
    near = asked(client, "engagement", study="seongju", change={"missile": "nodong"}, at_lat_deg=36.1, at_lon_deg=128.1)
    assert near["defended"]
    assert near["sentence"].startswith("36.10° N, 128.10° E is defended against a Nodong from ")
    low, high = near["min_altitude_km"], near["max_altitude_km"]
    assert low - 0.1 <= near["first_shot"]["intercept"]["altitude_km"] <= high + 0.1
    assert len(near["arc"]["time_s"]) == len(near["arc"]["seen"]) == len(near["arc"]["altitude_km"])
    far = asked(client, "engagement", study="seongju", change={"missile": "nodong"}, at_lat_deg=37.5, at_lon_deg=126.9)
    assert not far["defended"]
    assert far["first_shot"] is None
    assert " is not defended against a Nodong from " in far["sentence"]


@pytest.mark.parametrize("study", ["lofted-nodong", "china-view", "seongju-raid"])
def test_every_kind_of_study_has_a_replay_and_an_export(client: TestClient, study: str) -> None:
    found = asked(client, "replay", study=study)
    assert found["tracks"]
    for track in found["tracks"]:
        times = track["samples"][::4]
        assert times == sorted(times)
        assert times[-1] <= found["end_s"] + 0.01
    answer = client.post("/api/export", json={"study": study, "format": "geojson"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{study}.geojson"'
    kinds = {one["properties"]["kind"] for one in answer.json()["features"]}
    assert ("footprint" in kinds) is (study == "lofted-nodong")


def test_coverage_grows_with_the_published_range(client: TestClient) -> None:
    found = asked(client, "coverage", study="seongju", altitude_km=300)
    areas = {one["radar_range"]: area_km2(shapely.geometry.shape(one["geometry"])) for one in found["areas"]}
    assert areas["ministry-600"] < areas["lewis-postol-870"] < areas["nas-1500"]


def test_a_flight_test_is_that_of_the_command_line(client: TestClient, equipoise: Command) -> None:
    question = ("--apogee", "2111.5", "--range", "787", "--time", "1800", "--missile", "hwasong-12", "--draws", "20")
    said = json.loads(equipoise("flight-test", *question, "--json").out)
    found = asked(client, "flight-test", apogee_km=2111.5, range_km=787, time_s=1800, missile="hwasong-12", draws=20)
    assert found["answer"] == said
    assert found["side_view_svg"].startswith("<?xml")
    low, central, high = (
        area_km2(shapely.geometry.shape(one["geometry"]))
        for one in found["ring"]["features"]
        if one["properties"]["kind"] == "within_range"
    )
    assert low < central < high


def test_a_raid_comes_point_by_point(client: TestClient) -> None:
    question = {"study": "seongju-raid", "sizes": [5, 60], "runs": 200}
    with client.stream("GET", "/api/raid", params=question) as answer:
        assert answer.status_code == 200
        events = [json.loads(line[5:]) for line in answer.iter_lines() if line.startswith("data:")]
    assert [one["size"] for one in events[:-1]] == [5, 60]
    assert events[0]["leaked_share"] < events[1]["leaked_share"]  # 48 rounds against 60 missiles
    assert events[-1] == {}


def test_studies_catalogue_and_claims_are_listed(client: TestClient, equipoise: Command) -> None:
    assert [one["id"] for one in client.get("/api/studies").json()] == list(study_ids())
    for id in ("seongju", "seongju-raid", "russia-view"):
        assert client.get(f"/api/studies/{id}").json()["id"] == id
    said = json.loads(equipoise("catalog", "thaad", "--json").out)
    assert client.get("/api/catalogue/thaad").json() == said
    assert {"kind": "interceptor", "id": "thaad", "name": said["name"]} in client.get("/api/catalogue").json()
    claims = {one["id"]: one for one in client.get("/api/claims").json()}
    assert not claims["talks-2016-passing"]["tested"]
    one = client.get("/api/claims/talks-2016-passing").json()
    assert one["claims"][0]["level"] == "context"


def test_an_answer_is_known_again_by_its_hash(client: TestClient) -> None:
    first = client.post("/api/footprint", json=DRAFT)
    again = client.post("/api/footprint", json=DRAFT, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "question", "status", "words"),
    [
        ("footprint", {"study": "seongju", "change": {"missile": "x"}}, 404, 'missile: unknown id "x"; known: '),
        ("footprint", {"study": "../secret"}, 422, "study: String should match pattern"),
        ("footprint", {"study": "nowhere"}, 404, 'study: unknown id "nowhere"'),
        ("footprint", {"study": "seongju", "grid": 4000}, 422, "grid: Extra inputs are not permitted"),
        (
            "footprint",
            {"study": "russia-view"},
            422,
            "study: russia-view is a network study; allowed: a footprint study",
        ),
        ("footprint", {"study": "seongju", "change": {"lat_deg": 91}}, 422, "change.lat_deg: "),
        ("footprint", {"study": "seongju", "change": {"lat_deg": 36}}, 422, "site: latitude and longitude go together"),
        ("footprint", {"study": "seongju", "change": {"lat_deg": 0, "lon_deg": 0}}, 422, "allowed: up to 1,500 km"),
        (
            "footprint",
            {"study": "seongju", "change": {"numbers": ["interceptor.burnout_speed=99"]}},
            422,
            "interceptor.burnout_speed: got 99 km/s; allowed: 0.001 to 12 km/s",
        ),
        ("export", {"study": "seongju", "format": "dxf"}, 422, "format: Input should be 'czml', 'kml'"),
        ("flight-test", {"apogee_km": -1, "range_km": 100}, 422, "apogee_km: Input should be greater than 0"),
        ("flight-test", {"apogee_km": 20, "range_km": 900}, 422, "apogee"),
    ],
)
def test_bad_input_is_one_line(
    client: TestClient, path: str, question: dict[str, Any], status: int, words: str
) -> None:
    answer = client.post(f"/api/{path}", json=question)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_a_long_body_and_one_without_its_length_are_refused(client: TestClient) -> None:
    answer = client.post("/api/footprint", json={"study": "x" * 5_000})
    assert (answer.status_code, answer.json()["error"]) == (413, "body: 5012 bytes; allowed: up to 4096")

    def parts() -> Iterator[bytes]:
        yield b"{}"

    assert client.post("/api/footprint", content=parts()).status_code == 411


def test_no_path_leads_out_of_a_run(client: TestClient) -> None:
    listed = client.get("/api/runs").json()
    assert [one["name"] for one in listed] == ["mine"]
    assert "report.html" in listed[0]["files"]
    assert client.get("/api/runs/mine/report.html").status_code == 200
    assert client.get("/api/runs/mine/manifest.json").json()["format"] == "equipoise-run-1"
    for path in (
        "mine/unlisted.txt",
        "mine/../../secret.txt",
        "mine/%2e%2e/%2e%2e/secret.txt",
        "mine/..%2f..%2fsecret.txt",
        "link/secret.txt",
        "..%2f/secret.txt",
        "%2e%2e/secret.txt",
        "not-a-run/manifest.json",
        "mine//etc/passwd",
        "mine/%00",
    ):
        answer = client.get(f"/api/runs/{path}")
        assert answer.status_code == 404, path
        assert b"secret" not in answer.content or b"no such" in answer.content


def test_every_answer_forbids_foreign_code(client: TestClient) -> None:
    for answer in (client.get("/"), client.get("/api/about"), client.get("/api/nothing"), client.get("/openapi.json")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "'unsafe-eval'" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_one_slow_answer_blocks_no_other_and_is_given_up(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("equipoise.web.app.PAGE", tmp_path)  # the page would answer for a path that is added later
    limits = Limits(processes=1, room=3, quick_s=2.0)
    with TestClient(create_app(limits=limits, runs=runs), raise_server_exceptions=False) as client:
        workers = client.app.state.workers  # type: ignore[attr-defined]

        @client.app.get("/slow")  # type: ignore[attr-defined,untyped-decorator]
        async def slow() -> Any:
            return {"slept": (await workers.answer("sleep_s", 60.0, deadline_s=1.0)).decode()}

        client.get("/api/studies/lofted-nodong")  # the workers are there
        with ThreadPoolExecutor(4) as several:
            sleeping = several.submit(client.get, "/slow")
            time.sleep(0.2)
            start = time.monotonic()
            assert client.get("/api/about").status_code == 200
            assert client.get("/api/catalogue/thaad").status_code == 200
            assert time.monotonic() - start < 0.9  # while the other still sleeps
            assert sleeping.result().status_code == 503
            # Room for three: of five at once two are turned away, and told so.
            codes = sorted(one.result().status_code for one in [several.submit(client.get, "/slow") for _ in range(4)])
        assert codes.count(503) == 4
        # A worker was ended; another took its place.
        assert client.get("/api/studies/china-view").status_code == 200


def test_elsewhere_than_on_loopback_a_token_is_asked_for(runs: Path) -> None:
    with TestClient(create_app(runs=runs, token="let-me-in")) as client:
        assert client.get("/api/about").status_code == 401
        assert client.get("/api/about", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/api/about", headers={"Authorization": "Bearer let-me-in"}).status_code == 200
        assert client.get("/api/about?token=let-me-in").status_code == 200
        assert client.get("/api/about").status_code == 200  # the cookie of the visit before


def test_the_command_serves_and_says_where(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from equipoise.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        try:
            assert server.stderr is not None
            line = server.stderr.readline()
            assert line.startswith("open http://127.0.0.1:")
            address = line.split()[1]
            assert httpx.get(f"{address}api/about", timeout=60.0).json()["name"] == "Equipoise"
        finally:
            server.terminate()
            server.wait(30)
    outcome = subprocess.run([*command[:-1], "99999"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("equipoise: --port: ")


# The first has no parameters and takes long, so the tests of the page alone ask for it; the others may take seconds.
LEFT_OUT, SLOW = {"/api/validation"}, {"/api/flight-test", "/api/sensitivity", "/api/raid", "/api/uncertainty"}


def test_no_question_breaks_the_server(client: TestClient) -> None:
    """Schemathesis over the OpenAPI: whatever is asked, no answer is a fault of the server."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
    found = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in LEFT_OUT:
            continue

        @given(case=operation.as_strategy(), study=st.sampled_from(["", "lofted-nodong", "seongju-raid", "china-view"]))
        @settings(
            max_examples=4 if operation.path in SLOW else 12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        def probe(case: Any, study: str) -> None:
            # Few made-up names are those of a study: most questions go deeper with one.
            if study and case.operation.path not in SLOW and isinstance(case.body, dict) and "study" in case.body:
                case.body["study"] = study
                if isinstance(change := case.body.get("change"), dict):
                    case.body["change"] = {key: change[key] for key in ("lat_deg", "lon_deg") if key in change}
            keywords = case.as_transport_kwargs(base_url="http://testserver")
            keywords.pop("cookies", None)
            answer = client.request(**keywords)
            assert answer.status_code < 500, (keywords, answer.text)

        probe()
        found += 1
    assert found >= 12


@given(text=st.text(max_size=200))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_body_breaks_the_server(client: TestClient, text: str) -> None:
    answer = client.post("/api/footprint", content=text.encode(), headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert list(answer.json()) == ["error"]


def test_without_a_front_end_the_server_says_what_is_missing(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("equipoise.web.app.PAGE", tmp_path)
    with TestClient(create_app(runs=runs)) as client:
        answer = client.get("/")
        assert answer.status_code == 503
        assert "make page" in answer.text
        assert client.get("/api/about").status_code == 200
