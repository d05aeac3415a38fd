"""Every command of the design, as a user runs it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from whole_commands import Command, network_study_file, study_file

from equipoise.catalog import load_catalog
from equipoise.catalog.yaml_reader import read_yaml

MAIN = [sys.executable, "-c", "from equipoise.cli import main; main()"]
FROM_TO = "--from 39.2,125.7 --to 36.0,128.0"
JSON_COMMANDS = {
    "catalog --json": {"records"},
    "catalog an-tpy-2 --json": {"id", "kind", "name", "note", "numbers", "sources"},
    "catalog qatar-tpy-2 --json": {"radar", "mode", "mobile", "place", "numbers", "sources"},
    "catalog plesetsk --json": {"basis", "numbers", "sources"},
    f"fly nodong {FROM_TO} --json": {"range_km", "apogee_km", "time_of_flight_s", "burnout_speed_km_s"},
    "fly scud-b --from=-33.9,18.4 --azimuth 40 --max-range --no-rotation --json": {"range_km", "rotation"},
    "fly nodong --from 39.2,125.7 --azimuth 170 --angle 60 --json": {"angle_deg", "azimuth_deg"},
    "radar an-tpy-2 --json": {"radar", "rcs_m2", "alternatives", "detection_range_km"},
    "radar cobra-dane --json": {"radar", "basis", "alternatives", "detection_range_km"},
    "catalog overhead-infrared --json": {"id", "kind", "numbers", "sources"},
    "catalog c2bmc --json": {"id", "kind", "numbers", "sources"},
    "network NETWORK --json": {"alternatives", "arcs", "example", "focus", "out_of_reach", "sensors", "variants"},
    "footprint lofted-nodong --draws 2 --json": {"defended_area_km2", "defended_fraction", "places", "threats"},
    "raid seongju-raid --runs 500 --draws 2 --seed 1 --json": {
        "curve",
        "knowledge",
        "layers",
        "leaked_share",
        "targets",
    },
    "schema": {"$schema", "$defs"},
}


def arguments_of(command: str, place: Path) -> list[str]:
    """Split a command, with a small network study in the place of the word for it."""
    return shlex.split(command.replace("NETWORK", str(network_study_file(place))))


@pytest.mark.parametrize("command", JSON_COMMANDS)
def test_json_is_one_object_and_the_same_each_time(equipoise: Command, command: str, tmp_path: Path) -> None:
    arguments = arguments_of(command, tmp_path)
    first, second = equipoise(*arguments), equipoise(*arguments)
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    answer = json.loads(first.out)
    assert JSON_COMMANDS[command] <= set(answer)
    assert first.out.endswith("}\n")
    assert "NaN" not in first.out
    assert "Infinity" not in first.out


@pytest.mark.parametrize("command", [c.removesuffix(" --json") for c in JSON_COMMANDS])
def test_without_json_people_read_it(equipoise: Command, command: str, tmp_path: Path) -> None:
    outcome = equipoise(*arguments_of(command, tmp_path))
    assert outcome.code == 0
    assert len(outcome.out.splitlines()) > 5
    assert all(line == line.rstrip() for line in outcome.out.splitlines())


def test_json_names_end_in_their_unit_or_name_no_quantity(equipoise: Command) -> None:
    answer = json.loads(equipoise("fly", "nodong", *FROM_TO.split(), "--json").out)
    units = ("_km", "_s", "_deg", "_km_s")
    assert [name for name, value in answer.items() if isinstance(value, float) and not name.endswith(units)] == []


def test_flying_to_a_place_lands_there(equipoise: Command) -> None:
    answer = json.loads(equipoise("fly", "nodong", *FROM_TO.split(), "--json").out)
    assert answer["impact_lat_deg"] == pytest.approx(36.0, abs=2e-5)
    assert answer["impact_lon_deg"] == pytest.approx(128.0, abs=2e-5)
    lofted = json.loads(equipoise("fly", "nodong", *FROM_TO.split(), "--apogee", "300", "--json").out)
    assert lofted["apogee_km"] == pytest.approx(300.0, abs=0.1)
    assert lofted["impact_lat_deg"] == pytest.approx(36.0, abs=2e-5)
    assert lofted["time_of_flight_s"] > answer["time_of_flight_s"]


def test_rotation_matters_and_can_be_switched_off(equipoise: Command) -> None:
    east = "fly nodong --from 39.2,125.7 --azimuth 90 --max-range --json"
    turning, still = (json.loads(equipoise(*shlex.split(c)).out) for c in (east, f"{east} --no-rotation"))
    assert (turning["rotation"], still["rotation"]) == (True, False)
    assert turning["range_km"] > 1.01 * still["range_km"]


def test_a_larger_cross_section_is_seen_farther_by_its_fourth_root(equipoise: Command) -> None:
    small, large = (json.loads(equipoise("radar", "an-tpy-2", "--rcs", rcs, "--json").out) for rcs in ("0.01", "0.16"))
    for a, b in zip(small["alternatives"], large["alternatives"], strict=True):
        assert b["detection_range_km"] == pytest.approx(2.0 * a["detection_range_km"], rel=1e-8)
    lewis_postol = next(a for a in small["alternatives"] if a["name"] == "lewis-postol-870")
    assert lewis_postol["detection_range_km"] == pytest.approx(870.0)


def test_a_radar_without_hardware_answers_with_its_published_ranges(equipoise: Command) -> None:
    answer = json.loads(equipoise("radar", "uewr", "--rcs", "1", "--json").out)
    assert answer["basis"] == "catalogue-5556"
    assert answer["detection_range_km"] == pytest.approx(5556.0)  # the cross-section that the range is taken for
    table = equipoise("radar", "uewr").out
    assert "hardware" not in table
    assert "weitz-5000" in table


def test_a_launch_area_names_who_reports_missiles_there(equipoise: Command) -> None:
    shown = equipoise("catalog", "kozelsk").out
    assert "(podvig-2015-12, reported)" in shown
    assert "Pavel Podvig" in shown


def test_the_schema_accepts_the_bundled_studies_and_refuses_a_slip(equipoise: Command) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(equipoise("schema").out))
    studies = Path(load_catalog.__code__.co_filename).parents[1] / "studies"
    files = sorted(studies.glob("*.yaml"))
    assert len(files) >= 2
    for path in files:
        study = dict(read_yaml(path))
        validator.validate(study)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**study, "threat": []})


MISSILE_FILE = next(
    path for path in (Path(load_catalog.__code__.co_filename).parent / "data" / "missiles").glob("nodong.yaml")
)


def test_a_record_of_ones_own_flies_like_the_bundled_one(equipoise: Command, tmp_path: Path) -> None:
    own = tmp_path / "my missile.yaml"
    own.write_text(MISSILE_FILE.read_text(encoding="utf-8").replace("id: nodong", "id: mine", 1), encoding="utf-8")
    ours = json.loads(equipoise("fly", "nodong", *FROM_TO.split(), "--json").out)
    mine = json.loads(equipoise("fly", str(own), *FROM_TO.split(), "--json").out)
    assert mine == {**ours, "missile": "mine"}


def test_a_radar_says_what_its_modes_its_face_and_the_aspects_come_to(equipoise: Command) -> None:
    answer = json.loads(equipoise("radar", "an-tpy-2", "--json").out)
    assert [mode["name"] for mode in answer["modes"]] == ["terminal", "forward"]
    assert answer["mode_switch_h"] == pytest.approx(8.0, rel=1e-9)
    edge = answer["scan_loss"]["angles"][-1]
    # cos(60 deg) cubed is an eighth, 9.03 dB, and its fourth root 0.5946 of the range.
    assert edge["loss_db"] == pytest.approx(9.031, abs=1e-3)
    assert edge["detection_range_km"] == pytest.approx(0.59460 * answer["detection_range_km"], rel=1e-4)
    assert {(row["phase"], row["aspect"]) for row in answer["aspects"]} >= {
        ("boost", "rear"),
        ("booster attached", "side"),
    }
    forward = json.loads(equipoise("radar", "an-tpy-2", "--mode", "forward", "--json").out)
    assert [alternative["name"] for alternative in forward["alternatives"]] == ["press-2000"]


def test_a_study_of_ones_own_gives_a_footprint(equipoise: Command, tmp_path: Path) -> None:
    outcome = equipoise("footprint", str(study_file(tmp_path)), "--json")
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    assert answer["study"] == "mine"
    assert 0.0 < answer["defended_fraction"] < 1.0


MASK_WITH_A_HOLE = """\
terrain_mask:
  azimuth: [0, 20, 90, 120, 150, 180, 210, 240, 270, 300, 330]
  elevation: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
  unit: deg
  source: user
  grade: assumed
"""

BAD_INPUT = [
    ("fly nodong --from 95,0 --to 36,128", ["--from", "[-90, 90]", "95"]),
    ("fly nodong --from nan,0 --to 36,128", ["--from", "nan,0"]),
    ("fly nodong --from 39,125 --to 36,1e999", ["--to", "1e999"]),
    ("fly nodong --from 39,125 --azimuth inf --max-range", ["--azimuth", "inf"]),
    (f"fly nodong {FROM_TO} --apogee NaN", ["--apogee", "NaN"]),
    (f"fly nodong {FROM_TO} --apogee 10000", ["apogee", "10000 km"]),
    ("fly nodng --from 39,125 --to 36,128", ["nodng", "nodong"]),
    ("fly kn-23 --from 39,125 --to 36,128", ["kn-23"]),
    ("fly scud-b --from 39,125 --to 30,160", ["scud-b", "within"]),
    ("fly nodong --from 39,125 --to 39,125", ["target", "1 km"]),
    ("fly nodong --from 39,125 --to=-39,-55", ["antipode"]),
    ("fly missing.yaml --from 39,125 --to 36,128", ["missing.yaml"]),
    ("fly folder.yaml --from 39,125 --to 36,128", ["folder.yaml"]),
    ("fly huge.yaml --from 39,125 --to 36,128", ["huge.yaml"]),
    ("fly binary.yaml --from 39,125 --to 36,128", ["binary.yaml"]),
    ("fly aliases.yaml --from 39,125 --to 36,128", ["aliases.yaml"]),
    ("fly deep.yaml --from 39,125 --to 36,128", ["deep.yaml"]),
    ("fly twice.yaml --from 39,125 --to 36,128", ["twice.yaml"]),
    ("fly radar.yaml --from 39,125 --to 36,128", ["radar.yaml", "kind", "missile"]),
    ("fly unit.yaml --from 39,125 --to 36,128", ["unit.yaml", "stages[0].propellant", "parsec"]),
    ("fly infinite.yaml --from 39,125 --to 36,128", ["infinite.yaml"]),
    ("fly extra.yaml --from 39,125 --to 36,128", ["extra.yaml", "warhead_colour"]),
    ("radar an-tpy-2 --rcs -1", ["--rcs", "-1"]),
    ("radar missile.yaml", ["missile.yaml", "kind", "radar"]),
    ("radar thaad", ["thaad"]),
    ("radar an-tpy-2 --mode sideways", ["an-tpy-2, mode", "sideways", "allowed: terminal, forward"]),
    ("radar holes.yaml", ["holes.yaml", "terrain_mask.azimuth", "a hole from 20 to 90 deg", "at most 30 deg"]),
    ("radar nowhere.yaml", ["nowhere.yaml", "azimuth_half_width", "got 0 deg", "above 0 to 180 deg"]),
    ("radar faceless.yaml", ["faceless.yaml", "face.tilt", "got 0 deg", "above elevation_floor"]),
    ("footprint square.yaml", ["square.yaml", "defence.field_of_view", "square", "sector"]),
    ("catalog nothing-like-it", ["nothing-like-it"]),
    ("footprint seongjoo", ["seongjoo", "seongju"]),
    ("footprint empty.yaml", ["empty.yaml"]),
    ("footprint kn23.yaml", ["kn23.yaml", "kn-23"]),
    ("footprint unknown-area.yaml", ["unknown-area.yaml", "hwangjoo", "hwangju"]),
    ("footprint rows.yaml", ["rows.yaml", "rows"]),
    ("footprint missile.yaml", ["missile.yaml"]),
    ("run seongju --out file.txt", ["output directory", "file.txt"]),
    ("run seongju --out file.txt/below", ["output directory", "cannot write"]),
    ("run seongju --out folder.yaml", ["output directory", "not a run"]),
]


@pytest.fixture
def bad_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of files that nobody should accept."""
    monkeypatch.chdir(tmp_path)
    missile = MISSILE_FILE.read_text(encoding="utf-8").replace("id: nodong", "id: mine", 1)
    radar = MISSILE_FILE.parents[1] / "radars" / "an-tpy-2.yaml"
    own = radar.read_text(encoding="utf-8").replace("id: an-tpy-2", "id: mine", 1)
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "folder.yaml" / "thesis.txt").write_text("keep me")
    (tmp_path / "file.txt").write_text("keep me")
    study_file(tmp_path, missile="kn-23").rename(tmp_path / "kn23.yaml")
    study_file(tmp_path, launch_area="hwangjoo").rename(tmp_path / "unknown-area.yaml")
    study_file(tmp_path, rows=".inf").rename(tmp_path / "rows.yaml")
    study = study_file(tmp_path).read_text(encoding="utf-8")
    for name, content in {
        "missile.yaml": missile,
        "radar.yaml": own,
        "holes.yaml": own + MASK_WITH_A_HOLE,
        "nowhere.yaml": own.replace("azimuth_half_width: {value: 60", "azimuth_half_width: {value: 0", 1),
        "faceless.yaml": own.replace("tilt: {value: 35, low: 10", "tilt: {value: 0, low: 0", 1).replace(
            "half_width: {value: 60, low: 45", "half_width: {value: 4, low: 4", 1
        ),
        "square.yaml": study.replace("radar_range: lewis", "field_of_view: square, radar_range: lewis", 1),
        "empty.yaml": "",
        "huge.yaml": missile + "# " + "x" * 2_000_000,
        "aliases.yaml": "a: &a [1, 1]\nb: [*a, *a, *a]\n",
        "deep.yaml": "a: " + "[" * 2000 + "]" * 2000,
        "twice.yaml": missile + "\nkind: missile\n",
        "unit.yaml": missile.replace("unit: kg", "unit: parsec"),
        "infinite.yaml": missile.replace("value: 1000", "value: .inf"),
        "extra.yaml": missile + "\nwarhead_colour: blue\n",
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)) * 8)
    return tmp_path


@pytest.mark.parametrize(("command", "named"), BAD_INPUT, ids=[command for command, _ in BAD_INPUT])
def test_bad_input_is_one_line_that_names_it(
    equipoise: Command, bad_files: Path, command: str, named: list[str]
) -> None:
    before = sorted(path.relative_to(bad_files) for path in bad_files.rglob("*"))
    outcome = equipoise(*shlex.split(command))
    assert (outcome.code, outcome.out) == (2, "")
    lines = [line for line in outcome.err.splitlines() if "compiling the kernels" not in line]
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("equipoise: ")
    assert "unexpected" not in lines[0]
    for word in named:
        assert word in lines[0]
    assert sorted(path.relative_to(bad_files) for path in bad_files.rglob("*")) == before


def test_a_closed_pipe_is_quiet() -> None:
    shell = f"{shlex.join(MAIN)} schema | head -c 1"
    run = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("{", "")


def test_an_interrupt_leaves_no_half_of_a_run(tmp_path: Path) -> None:
    # A suite that runs in the background hands an ignored interrupt down; a terminal does not.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); " + MAIN[-1]
    process = subprocess.Popen(
        [*MAIN[:-1], listening, "run", "seongju", "--out", str(tmp_path / "runs" / "mine")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "EQUIPOISE_THREADS": "1"},
    )  # fmt: skip
    deadline = time.monotonic() + 60.0
    while not (tmp_path / "runs").is_dir() or not os.listdir(tmp_path / "runs"):
        assert process.poll() is None, "it ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert os.listdir(tmp_path / "runs") == []


def test_an_interrupt_in_the_end_of_an_object_is_delivered_again() -> None:
    """Python drops what is raised in a finaliser; the interrupt of a user may come there and still counts."""
    script = """
import signal, time
import click
from equipoise.cli import root

class Ending:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.01)

@click.command()
def wait():
    Ending()
    time.sleep(30)

signal.signal(signal.SIGINT, signal.default_int_handler)
root.equipoise.add_command(wait)
root.main(["wait"])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=25, check=False)
    assert (done.returncode, done.stderr.strip()) == (130, "equipoise: interrupted")
