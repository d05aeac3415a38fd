from __future__ import annotations

import math
from dataclasses import fields, replace
from importlib import import_module

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Missile, Site, Trajectory, aim_at, fly
from equipoise.physics.fan import trajectory_arc
from equipoise.sensors import (
    Face,
    Radar,
    Signature,
    TerrainMask,
    Timeline,
    Timelines,
    Watch,
    cumulative_detection,
    detection_probability,
    look_at,
    signal_along,
    timeline,
    timelines,
    visible_spans,
)

RADAR_SITE = Site.of_degrees(35.92, 128.28)
LAUNCH = Site.of_degrees(39.9, 127.5)
TARGET = Site.of_degrees(35.2, 129.1)
# Ends of stretches are bisected to 6 ms; interpolated arcs are good to a few metres, milliseconds at these speeds.
EDGE_S = 0.02


@pytest.fixture(scope="module")
def flight() -> Trajectory:
    missile = Missile.from_record(load_catalog().missile("nodong"))
    return fly(missile, LAUNCH, aim_at(missile, LAUNCH, TARGET, trajectory="cut-off"))


@pytest.fixture(scope="module")
def watch() -> Watch:
    record = load_catalog().radar("an-tpy-2")
    return Watch.from_record(record, RADAR_SITE, math.radians(340.0), 10.0, range_name="lewis-postol-870")


@pytest.fixture(scope="module")
def signature() -> Signature:
    return Signature.from_record(load_catalog().missile("nodong"))


def with_radar(watch: Watch, **changes: object) -> Watch:
    return replace(watch, radar=replace(watch.radar, **changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def seen(flight: Trajectory, watch: Watch, signature: Signature) -> Timeline:
    return timeline(flight, watch, signature)


def test_the_stretches_cover_the_flight_once(flight: Trajectory, seen: Timeline) -> None:
    assert seen.spans[0].start_s == 0.0
    assert seen.spans[-1].end_s == pytest.approx(flight.time_of_flight_s, rel=1e-12)
    for before, after in zip(seen.spans, seen.spans[1:], strict=False):
        assert before.end_s == after.start_s
        assert before.reason != after.reason
    assert seen.in_view_s + sum(gap.length_s for gap in seen.gaps) == pytest.approx(flight.time_of_flight_s, rel=1e-9)


def test_the_stretches_are_what_the_radar_says_at_each_moment(flight: Trajectory, watch: Watch) -> None:
    # A fixed cross-section, so that range and not signal decides, looked at every 0.5 s without the timeline's kernels.
    ball = Signature.constant(0.01)
    spans = timeline(flight, watch, ball).spans
    times = np.arange(0.0, flight.time_of_flight_s, 0.5)
    view = watch.radar.view(RADAR_SITE, watch.boresight_rad, 0.01)
    looks = look_at(watch.radar, view, flight.at(times)[0])
    words = {0: "visible", 1: "horizon", 2: "elevation floor", 3: "field of view", 4: "detection range"}
    for t, code in zip(times, looks.reason, strict=True):
        if min(abs(t - span.start_s) for span in spans) > EDGE_S:
            assert next(span for span in spans if span.start_s <= t <= span.end_s).reason == words[int(code)], t


def test_what_happens_comes_in_order(flight: Trajectory, seen: Timeline) -> None:
    assert seen.rise_s is not None
    assert seen.first_look_s is not None
    assert seen.detection_s is not None
    assert seen.firm_track_s is not None
    assert seen.lost_s is not None
    assert 0.0 < seen.rise_s < seen.first_look_s <= seen.detection_s < seen.firm_track_s < seen.lost_s
    assert seen.lost_s < flight.time_of_flight_s
    assert seen.firm_track_s - seen.detection_s == pytest.approx(5.0, rel=1e-12)  # the record's confirmation time
    assert seen.emptied_by is None


def test_the_looks_add_up(watch: Watch, seen: Timeline) -> None:
    assert seen.look_time_s[0] == seen.first_look_s
    expected = detection_probability(seen.look_snr, watch.false_alarm_probability, swerling=1)
    assert seen.look_probability == pytest.approx(expected, abs=1e-10)
    assert seen.cumulative == pytest.approx(cumulative_detection(seen.look_probability), abs=1e-12)
    assert seen.probability == seen.cumulative[-1]


def test_the_first_look_comes_a_frame_after_it_comes_into_view(
    flight: Trajectory, watch: Watch, signature: Signature, seen: Timeline
) -> None:
    opens_s = next(span.start_s for span in seen.spans if span.reason in ("visible", "detection range"))
    assert seen.first_look_s == pytest.approx(opens_s + 10.0, abs=1e-9)
    late = timeline(flight, replace(watch, ready_s=200.0), signature)
    assert late.first_look_s == pytest.approx(210.0, abs=1e-9)
    assert late.in_view_s == seen.in_view_s
    never = timeline(flight, replace(watch, ready_s=5000.0), signature)
    assert never.first_look_s is None
    assert never.probability == 0.0


def test_a_smaller_target_is_seen_later_and_with_less_certainty(flight: Trajectory, watch: Watch) -> None:
    found = [timeline(flight, watch, Signature.constant(rcs_m2)) for rcs_m2 in (1e-3, 1e-5, 1e-7)]
    assert found[0].in_view_s > found[1].in_view_s > found[2].in_view_s
    assert found[0].probability >= found[1].probability > found[2].probability
    assert found[1].best_snr == pytest.approx(found[0].best_snr / 100.0, rel=1e-9)


def test_signal_follows_phase_and_aspect(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    burnout_s = flight.burnout.time_s
    times = np.array([burnout_s - 0.5, burnout_s + 0.5])
    strong = with_radar(watch, elevation_floor_rad=1e-3)
    signal = signal_along(flight, strong, signature, times)
    for i, part in enumerate((signature.boost, signature.body)):
        ball = signal_along(flight, strong, Signature.constant(1.0), times).snr[i]
        assert signal.snr[i] == pytest.approx(ball * float(part.at(signal.aspect_rad[i])), rel=1e-9)
    # The angle, from positions and velocities without the kernel.
    r, v = flight.at(times)
    x = np.array([*watch.views()[0][:3]]) - r
    expected = np.arccos(np.sum(x * v, axis=1) / np.linalg.norm(x, axis=1) / np.linalg.norm(v, axis=1))
    assert signal.aspect_rad == pytest.approx(expected, abs=2e-3)  # the arc's velocity is linear between its nodes


HIGH_HILLS = TerrainMask(tuple(np.radians(np.arange(0.0, 360.0, 30.0))), (math.radians(85.0),) * 12)


@pytest.mark.parametrize(
    ("changes", "binding"),
    [
        ({"reference_range_m": 1.0}, "detection range"),
        ({"azimuth_half_width_rad": 1e-6}, "field of view"),
        ({"face": Face(0.1, 0.01, 3.0), "elevation_floor_rad": 0.05}, "field of view"),
        ({"elevation_floor_rad": 1.57, "elevation_max_rad": 1.5705}, "elevation floor"),
        ({"mask": HIGH_HILLS}, "terrain mask"),
    ],
)
def test_an_empty_timeline_says_what_emptied_it(
    flight: Trajectory, watch: Watch, signature: Signature, changes: dict[str, object], binding: str
) -> None:
    empty = timeline(flight, with_radar(watch, **changes), signature)
    assert empty.in_view_s == 0.0
    assert empty.emptied_by == binding
    assert empty.lost_s is None
    assert empty.firm_track_s is None


def test_the_far_side_of_the_earth_is_under_the_horizon(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    far = timeline(flight, replace(watch, site=Site.of_degrees(-30.0, -50.0)), signature)
    assert far.emptied_by == "horizon"
    assert far.rise_s is None
    assert [span.reason for span in far.spans] == ["horizon"]


def test_many_timelines_are_those_of_each(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    watches = [watch, with_radar(watch, face=Face(0.6, 1.0, 3.0)), with_radar(watch, mask=HIGH_HILLS)]
    signatures = [signature, Signature.constant(0.1), Signature.constant(1e-4)]
    arcs = np.array([trajectory_arc(flight)] * 3)
    times_s = np.array([[flight.burnout.time_s, flight.time_of_flight_s]] * 3)
    many = timelines(arcs, times_s, watches, signatures)
    for i, target in enumerate(signatures):
        for k, one in enumerate(watches):
            alone = timeline(flight, one, target)
            for name in ("rise_s", "first_look_s", "detection_s", "firm_track_s", "track_end_s", "lost_s"):
                value = getattr(alone, name)
                assert getattr(many, name)[i, k] == pytest.approx(math.nan if value is None else value, nan_ok=True)
            for name in ("in_view_s", "probability", "best_snr"):
                assert getattr(many, name)[i, k] == getattr(alone, name)
            for reason, hidden in many.hidden_s.items():
                lengths = sum(gap.length_s for gap in alone.gaps if gap.reason == reason)
                assert hidden[i, k] == pytest.approx(lengths, abs=1e-9)


def times_of(found: Timelines) -> dict[str, np.ndarray]:
    """Return every array of some timelines by name."""
    arrays = {field.name: getattr(found, field.name) for field in fields(found) if field.name != "hidden_s"}
    return arrays | {f"hidden by {reason}": hidden for reason, hidden in found.hidden_s.items()}


def copies(flight: Trajectory, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the same arc some times over, and its times."""
    ends = [flight.burnout.time_s, flight.time_of_flight_s]
    return np.array([trajectory_arc(flight)] * count), np.array([ends] * count)


def test_each_arc_can_be_searched_in_its_own_way(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    arcs, times_s = copies(flight, 4)
    watches = [watch, with_radar(watch, elevation_floor_rad=math.radians(15.0))]
    searches = np.empty((2, 4, 2))
    searches[:, :, 0] = [[10.0, 2.5, 40.0, 0.7], [3.0, 60.0, 10.0, 1.0]]
    searches[:, :, 1] = [[0.0, 120.0, 60.5, 200.0], [90.0, 0.0, 33.0, 250.0]]
    mixed = times_of(timelines(arcs, times_s, watches, [signature], searches))
    for k, one in enumerate(watches):
        for i in range(4):
            frame_s, ready_s = searches[k, i]
            alone = timelines(arcs[:1], times_s[:1], [replace(one, frame_s=frame_s, ready_s=ready_s)], [signature])
            for name, values in times_of(alone).items():
                np.testing.assert_array_equal(mixed[name][i, k], values[0, 0], err_msg=name)
    same = np.broadcast_to([watch.frame_s, watch.ready_s], (2, 4, 2))
    plain = times_of(timelines(arcs, times_s, watches, [signature]))
    for name, values in times_of(timelines(arcs, times_s, watches, [signature], same)).items():
        np.testing.assert_array_equal(values, plain[name], err_msg=name)


def test_a_radar_that_is_never_ready_never_looks(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    arcs, times_s = copies(flight, 2)
    found = timelines(arcs, times_s, [watch], [signature], np.array([[[10.0, 0.0], [10.0, math.inf]]]))
    assert found.detection_s[0, 0] > 0.0
    for name in ("first_look_s", "detection_s", "firm_track_s", "track_end_s"):
        assert math.isnan(getattr(found, name)[1, 0])
    assert found.probability[1, 0] == 0.0
    assert found.in_view_s[1, 0] == found.in_view_s[0, 0]


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ((0.0, 0.0), r"searches: frame_s must lie in \[0.01, 10000\]; got 0.0"),
        ((2e4, 0.0), "searches: frame_s must lie in"),
        ((math.nan, 0.0), "searches: frame_s must lie in"),
        ((10.0, -1.0), "searches: ready_s must be at least 0, or inf for never; got -1.0"),
        ((10.0, math.nan), "searches: ready_s must be at least 0"),
    ],
)
def test_impossible_searches_are_refused(
    flight: Trajectory, watch: Watch, signature: Signature, search: tuple[float, float], message: str
) -> None:
    arcs, times_s = copies(flight, 2)
    with pytest.raises(InputError, match=message):
        timelines(arcs, times_s, [watch], [signature], np.array([[(10.0, 0.0), search]]))
    with pytest.raises(InputError, match=r"searches must have shape \(1, 2, 2\); got \(1, 1, 2\)"):
        timelines(arcs, times_s, [watch], [signature], np.array([[search]]))


def test_the_track_ends_where_something_else_than_a_weak_signal_hides_the_target(
    flight: Trajectory, watch: Watch, signature: Signature, seen: Timeline
) -> None:
    # From the stretches alone: the first boundary after the firm track to a reason other than these two.
    assert seen.firm_track_s is not None
    later = [span for span in seen.spans if span.end_s > seen.firm_track_s]
    hidden = next(span for span in later if span.reason not in ("visible", "detection range"))
    assert seen.track_end_s == hidden.start_s
    assert timeline(flight, replace(watch, ready_s=5000.0), signature).track_end_s is None


def test_no_arc_gives_no_times_and_disturbs_no_other(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    arcs, times_s = copies(flight, 3)
    whole = times_of(timelines(arcs, times_s, [watch], [signature]))
    arcs[1], times_s[1] = math.nan, math.nan
    found = times_of(timelines(arcs, times_s, [watch], [signature]))
    zero = {"in_view_s", "probability", "best_snr"} | {name for name in found if name.startswith("hidden by")}
    for name, values in found.items():
        np.testing.assert_array_equal(values[[0, 2]], whole[name][[0, 2]], err_msg=name)
        np.testing.assert_array_equal(values[1], 0.0 if name in zero else math.nan, err_msg=name)
    starts_s, ends_s = visible_spans(arcs, times_s, watch, [signature])
    assert np.isnan(starts_s[1]).all()
    assert np.isnan(ends_s[1]).all()
    assert np.isfinite(starts_s[0, 0])


# A skyline of narrow towers: the target goes behind them and comes out again.
FENCE = TerrainMask(
    tuple(math.radians(float(i)) for i in range(360)),
    tuple(math.radians(25.0 if i % 2 else 2.0) for i in range(360)),
)


def test_stretches_in_view_are_those_of_the_timeline(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    arcs, times_s = copies(flight, 3)
    signatures = [signature, Signature.constant(1e-4), Signature.constant(1e-12)]
    for one in (watch, with_radar(watch, mask=FENCE), with_radar(watch, elevation_floor_rad=math.radians(20.0))):
        starts_s, ends_s = visible_spans(arcs, times_s, one, signatures)
        in_view_s = timelines(arcs, times_s, [one], signatures).in_view_s[:, 0]
        # The same stretches, added in another order: rounding.
        assert np.nansum(ends_s - starts_s, axis=1) == pytest.approx(in_view_s, rel=1e-12, abs=1e-12)
        assert in_view_s[2] == 0.0
        most = 0
        for i, target in enumerate(signatures):
            spans = [span for span in timeline(flight, one, target).spans if span.reason == "visible"]
            most = max(most, len(spans))
            kept = ~np.isnan(starts_s[i])
            assert starts_s[i][kept].tolist() == [span.start_s for span in spans]
            assert ends_s[i][kept].tolist() == [span.end_s for span in spans]
        assert starts_s.shape == ends_s.shape == (3, most)


def test_more_stretches_in_view_than_there_is_room_for_at_first(
    flight: Trajectory, watch: Watch, signature: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    arcs, times_s = copies(flight, 1)
    fenced = with_radar(watch, mask=FENCE)
    starts_s, ends_s = visible_spans(arcs, times_s, fenced, [signature])
    assert starts_s.shape[1] > 1
    monkeypatch.setattr(import_module("equipoise.sensors.timeline"), "_SPANS_ROOM", 1)
    again = visible_spans(arcs, times_s, fenced, [signature])
    np.testing.assert_array_equal(again, (starts_s, ends_s))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frame_s": 0.0}, "frame_s must lie in"),
        ({"frame_s": math.nan}, "frame_s must lie in"),
        ({"ready_s": -1.0}, "ready_s must be at least 0"),
        ({"swerling": 5}, "swerling must be 0, 1, 2, 3 or 4"),
        ({"false_alarm_probability": 0.0}, "false-alarm probability must lie in"),
        ({"detection_goal": 1.0}, "detection_goal must lie between 0 and 1"),
    ],
)
def test_impossible_watches_are_refused(watch: Watch, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(watch, **changes)  # type: ignore[arg-type]


def test_impossible_arrays_are_refused(flight: Trajectory, watch: Watch, signature: Signature) -> None:
    with pytest.raises(InputError, match="arcs must have shape"):
        timelines(np.zeros((2, 5, 6)), np.zeros((2, 2)), [watch], [signature])
    arcs = np.array([trajectory_arc(flight)] * 2)
    with pytest.raises(InputError, match="signatures must be 1 or 2; got 0"):
        timelines(arcs, np.zeros((2, 2)), [watch], [])
    with pytest.raises(InputError, match="time_s must be a list within"):
        signal_along(flight, watch, signature, np.array([-1.0]))


def test_a_radar_that_sees_all_says_so(flight: Trajectory, watch: Watch) -> None:
    everywhere = Radar(
        name="all-seeing",
        range_name="test",
        reference_range_m=1e8,
        reference_rcs_m2=1.0,
        reference_snr=20.0,
        azimuth_half_width_rad=math.pi,
        elevation_floor_rad=0.0,
        elevation_max_rad=math.pi / 2,
        confirm_time_s=5.0,
    )
    whole = timeline(flight, replace(watch, radar=everywhere), Signature.constant(1.0))
    assert {gap.reason for gap in whole.gaps} <= {"horizon"}
