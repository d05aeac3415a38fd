from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.catalog import PitchProgram, load_catalog, read_record
from equipoise.catalog.library import DATA
from equipoise.errors import FileFormatError, UnknownIdError

NODONG, SCUD_B, SCUD_C, KN_23 = (f"missiles/{name}.yaml" for name in ("nodong", "scud-b", "scud-c", "kn-23"))
THAAD, RADAR, BATTERY = "interceptors/thaad.yaml", "radars/an-tpy-2.yaml", "batteries/thaad-battery.yaml"
MADE_UP = '{{value: {}, unit: "1", source: team, grade: assumed, note: made up}}'
MADE_UP_S = MADE_UP.replace('"1"', "s")

# Record, what is replaced, by what, and what the message must say.
CHANGES = [
    (NODONG, "burn_time:", "burntime:", r'stages\[0\].burntime: unknown field; did you mean "burn_time"'),
    (NODONG, "unit: km", "unit: kg", 'published_range: unit "kg" does not measure this'),
    (NODONG, "ballistic: yes", "ballistic: perhaps", 'got "perhaps"; allowed: yes or no'),
    (NODONG, "id: nodong", "id: No Dong", 'id: got "No Dong"; allowed: text that matches'),
    (NODONG, "law: pitch_program", "law: optimal", "steering: got .optimal. for 'law'; allowed: 'pitch_program'"),
    (NODONG, "pitch_rate:", "pitchrate:", 'steering.pitchrate: unknown field; did you mean "pitch_rate"'),
    (NODONG, "rcs_nose:", "rcs_noes:", 'did you mean "rcs_nose"'),
    (NODONG, "rcs_nose:", "flown_range2:", "flown_range2: unknown field"),
    (NODONG, "value: 15440", "value: 99999999", r"stages\[0\].propellant: low <= value"),
    (NODONG, "high: 16210", "high: 99999999", r"got 1e\+08 kg; allowed: 0.1 to 1e\+06 kg"),
    (NODONG, "separates: yes", "separates: yes\nblast: 3", "blast: unknown field; allowed: id, name"),
    (NODONG, "stages:\n  - ", "stages:\n    ", r"stages: got \{.*; allowed: a list"),
    (SCUD_B, "separates: no", "separates: yes", "ballistic_coefficient: missing"),
    (KN_23, "refusal: >-", "note: >-", "refusal: missing"),
    (KN_23, "ballistic: no", "ballistic: yes", "stages: missing or empty; allowed: 1 to 4 stages"),
    (THAAD, "min_altitude: {value: 40,", "min_altitude: {value: 400,", "min_altitude: got 400 km; allowed: below"),
    (THAAD, "launch_mass:", "mass:", "mass: unknown field"),
    (THAAD, "source: yonhap-2016-07-14", "source: yonhap-2016", "did you mean yonhap-2016-07-14"),
    (RADAR, "mode: terminal", "mode: search", r"ranges\[0\].mode: got .search.; allowed: 'terminal', 'forward'"),
    (RADAR, "name: nas-1500", "name: csis-3000", "ranges: must have different names"),
    (RADAR, "elevation_floor: {value: 5,", "elevation_floor: {value: 90,", "elevation_floor: must lie below"),
    (RADAR, "efficiency: {value: 0.8,", "efficiency: {value: 1.8,", "allowed: 0 to 1"),
    (BATTERY, "launchers: {value: 6, low: 6, high: 9,", "launchers: {value: 0,", "launchers: out of range"),
    (
        THAAD,
        "unit_cost:",
        f"stages: {MADE_UP.format(3)}\nunit_cost:",
        "structure_share: missing; an interceptor of more",
    ),
    (THAAD, "unit_cost:", f"stages: {MADE_UP.format(1.5)}\nunit_cost:", "stages: got 1.5; allowed: a whole number, 1"),
    (THAAD, "unit_cost:", f"stages: {MADE_UP.format(5)}\nunit_cost:", "stages: out of range; got 5 1; allowed: 1 to 4"),
    (THAAD, "unit_cost:", f"structure_share: {MADE_UP.format(0.6)}\nunit_cost:", "structure_share: out of range"),
    (
        THAAD,
        "unit_cost:",
        f"rise_time: {MADE_UP_S.format(5)}\nunit_cost:",
        "pitch_rate: missing; an interceptor with rise_time",
    ),
    (BATTERY, "track_capacity: {value: 60, low: 20,", "track_capacity: {value: 0,", "track_capacity: out of range"),
    (
        BATTERY,
        "guidance_channels: {value: 20, low: 4,",
        "guidance_channels: {value: 0,",
        "guidance_channels: out",
    ),
    (BATTERY, "spare_rounds: {value: 0,", "spare_rounds: {value: -1,", "spare_rounds: out of range"),
    (
        BATTERY,
        "reliability: {value: 0.9, low: 0.7, high: 0.99,",
        "reliability: {value: 1.2,",
        "reliability: out of range",
    ),
    (
        BATTERY,
        'high: 0.99, unit: "1"',
        'high: 1.01, unit: "1"',
        "got 1.01 1; allowed: 0 to 1",
    ),
    (
        BATTERY,
        "track_probability: {value: 0.9,",
        "track_probability: {value: 2,",
        "track_probability: low <= val",
    ),
    (
        BATTERY,
        "reload_time: {value: 3600, low: 1800, high: 7200, unit: s",
        "reload_time: {value: 1, unit: m",
        "reload_time: unit",
    ),
    (
        BATTERY,
        "launcher_spacing: {value: 5, low: 2,",
        "launcher_spacing: {value: -5, low: -5,",
        "launcher_spacing: out of",
    ),
    (BATTERY, "high: 1300000000, unit: USD", "high: 1300000000, unit: km", 'unit_cost: unit "km" does not measure'),
    (SCUD_C, "inventory: {value: 600, low: 400,", "inventory: {value: 600, low: -4,", "inventory: out of range"),
    (SCUD_C, "high: 7000000, unit: USD", "high: 7000000, unit: km", 'unit_cost: unit "km" does not measure'),
]


def changed(tmp_path: Path, record: str, old: str, new: str) -> Path:
    text = (DATA / record).read_text()
    assert old in text, f"{record} no longer holds {old!r}"
    path = tmp_path / "record.yaml"
    path.write_text(text.replace(old, new, 1))
    return path


@pytest.mark.parametrize(
    ("record", "old", "new", "message"),
    CHANGES,
)
def test_a_bad_record_is_one_line(tmp_path: Path, record: str, old: str, new: str, message: str) -> None:
    path = changed(tmp_path, record, old, new)
    with pytest.raises(FileFormatError, match=message) as caught:
        read_record(path)
    assert str(caught.value).startswith(f"{path}, ")
    assert "\n" not in str(caught.value)


def test_a_battery_must_name_what_exists(tmp_path: Path) -> None:
    path = changed(tmp_path, "batteries/thaad-battery.yaml", "interceptor: thaad", "interceptor: thad")
    path.write_text(path.read_text().replace("id: thaad-battery", "id: my-battery"))
    with pytest.raises(KeyError, match="did you mean thaad"):
        load_catalog([path])


def test_what_matters_to_raids_may_be_left_out(tmp_path: Path) -> None:
    text = (DATA / BATTERY).read_text()
    path = tmp_path / "record.yaml"
    path.write_text(text[: text.index("launcher_spacing:")])
    battery = read_record(path)
    assert battery.kind == "battery"
    optional = ("launcher_spacing_s", "track_capacity", "guidance_channels", "reload_time_s", "spare_rounds")
    optional += ("reliability", "track_probability", "unit_cost_usd")
    assert [getattr(battery, name) for name in optional] == [None] * 8


def test_a_battery_may_have_no_radar(tmp_path: Path) -> None:
    path = changed(tmp_path, BATTERY, "radar: an-tpy-2\n", "")
    path.write_text(path.read_text().replace("id: thaad-battery", "id: deaf-battery"))
    battery = load_catalog([path]).battery("deaf-battery")
    assert battery.radar is None


def test_vacuum_impulse_is_not_below_sea_level(tmp_path: Path) -> None:
    path = changed(
        tmp_path, "missiles/scud-b.yaml", "isp_vacuum: {value: 250, low: 243", "isp_vacuum: {value: 200, low: 199"
    )
    with pytest.raises(FileFormatError, match="isp_vacuum: got 200 s; allowed: at least isp_sea_level, 226 s"):
        read_record(path)


def test_a_drag_table_is_read_and_checked(tmp_path: Path) -> None:
    drag = "drag: {mach: [0, 1, 2], cd: [0.2, 0.4, 0.3], source: team, grade: assumed, note: mine}\nseparates:"
    record = read_record(changed(tmp_path, "missiles/nodong.yaml", "separates:", drag))
    assert record.kind == "missile"
    assert record.drag is not None
    assert record.drag.cd == (0.2, 0.4, 0.3)
    for old, new, message in (
        ("[0, 1, 2]", "[0, 2, 1]", "drag.mach: must increase"),
        ("[0, 1, 2]", "[0, 1]", "lists of one length"),
        ("[0, 1, 2]", "[0, 1, x]", r"drag.mach\[2\]: got .x."),
        (", note: mine", "", "drag.note: missing"),
    ):
        bad = changed(tmp_path, "missiles/nodong.yaml", "separates:", drag.replace(old, new))
        with pytest.raises(FileFormatError, match=message):
            read_record(bad)


def test_records_are_frozen() -> None:
    record = load_catalog().missile("nodong")
    assert isinstance(record.steering, PitchProgram)
    with pytest.raises(ValueError, match="frozen"):
        record.name = "other"


def test_the_modes_of_a_radar_and_their_ranges() -> None:
    radar = load_catalog().radar("an-tpy-2")
    assert [published.name for published in radar.ranges_of("terminal")] == ["ministry-600"]
    assert [published.name for published in radar.ranges_of("forward")] == ["press-2000"]
    assert radar.mode_switch_s is not None
    assert radar.mode_switch_s.value == pytest.approx(8 * 3600.0, rel=1e-12)  # "no more than about eight hours"
    with pytest.raises(UnknownIdError, match='an-tpy-2, mode: got "search"; allowed: terminal, forward'):
        radar.mode_named("search")
    with pytest.raises(UnknownIdError, match="allowed: none"):
        radar.model_copy(update={"modes": ()}).mode_named("terminal")
