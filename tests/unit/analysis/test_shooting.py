from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis.footprint import engage
from equipoise.analysis.network import Outcome
from equipoise.analysis.shooting import Shooter, ShooterLand
from equipoise.arrays import FloatArray
from equipoise.defence import engagement_kernels as ek
from equipoise.errors import InputError
from equipoise.physics import Site
from equipoise.sensors.station import Station
from equipoise.study import load_network_study
from equipoise.study.network_model import NetworkSpec, NetworkStudy, ShooterPlacement, Variant

NOTHING = frozenset[str]()
# Margins of the same tracks, up to the search for the best moment of intercept.
SAME_S = 1e-6


@pytest.fixture(scope="module")
def study() -> NetworkStudy:
    return load_network_study("northeast-asia")


@pytest.fixture(scope="module")
def whole(study: NetworkStudy) -> NetworkSpec:
    assert study.network is not None
    return study.network


@pytest.fixture(scope="module")
def land(whole: NetworkSpec) -> ShooterLand:
    """South Korea in 8 x 8 cells under one missile from two launch areas."""
    battery = whole.shooters[0]
    nodong = next(threat for threat in battery.threats if threat.missile.id == "nodong")
    coarse = replace(battery.grid, rows=8, columns=8)
    placement = replace(battery, threats=(replace(nodong, launch_areas=nodong.launch_areas[:2]),), grid=coarse)
    return ShooterLand.of(placement, "test")


@pytest.fixture(scope="module")
def stations(study: NetworkStudy) -> tuple[Station, ...]:
    return tuple(Station.of(sensor) for sensor in study.sensors)


@pytest.fixture(scope="module")
def joined(land: ShooterLand, stations: tuple[Station, ...], whole: NetworkSpec) -> Shooter:
    return Shooter(land, stations, whole)


def with_placement(land: ShooterLand, placement: ShooterPlacement) -> ShooterLand:
    return replace(land, placement=placement)


def lone(land: ShooterLand, stations: tuple[Station, ...], whole: NetworkSpec, frame_s: float) -> Shooter:
    """The battery with nothing but its own radar, which looks everywhere once a frame."""
    own = stations[0]
    fast = replace(own, watches=tuple(replace(watch, frame_s=frame_s) for watch in own.watches))
    spec = replace(whole, warning=None, links=(), shooters=(), elements=())
    return Shooter(with_placement(land, replace(land.placement, fires_on=())), (fast,), spec)


def engaged(shooter: Shooter, tracks_s: FloatArray | None = None) -> FloatArray:
    """Engagements of every cell straight from the footprint's kernel."""
    watch, placement = shooter.own.watches[0], shooter.land.placement
    site = Site(placement.site.lat_rad, placement.site.lon_rad)
    battery = shooter.land.battery
    return engage(
        shooter.fans, watch.radar, battery, site, watch.boresight_rad, placement.track_until, tracks_s=tracks_s
    )


def burnouts_s(shooter: Shooter) -> FloatArray:
    found = np.full(shooter.reached.shape, np.nan)
    found[shooter.reached] = shooter.watchers.table.times_s[:, 0]
    return found


def test_the_land_is_south_korea(land: ShooterLand) -> None:
    # 100,210 km2 (CIA World Factbook: 99,720); a coastline for maps of 1 : 50 million is good to a few per cent.
    assert land.land_km2.sum() == pytest.approx(100e3, rel=0.04)
    assert len(land.rows) == len(land.columns) == len(land.land_km2)
    assert len(land.fans) == 2


def test_a_radar_that_searches_in_no_time_gives_the_footprint(
    land: ShooterLand, stations: tuple[Station, ...], whole: NetworkSpec
) -> None:
    shooter = lone(land, stations, whole, 0.01)
    plain = engaged(shooter)
    least = np.min(np.where(shooter.reached, plain[:, :, ek.E_MARGIN], np.inf), axis=0)
    confirmed_s = plain[:, :, ek.E_DETECTION] + shooter.own.watches[0].radar.confirm_time_s
    # The footprint commits as soon as the radar has confirmed what it sees, a network not before the end of thrust.
    after_thrust = (np.where(shooter.reached, confirmed_s - burnouts_s(shooter), np.inf) >= 0.2).all(axis=0)
    margins = shooter.margins_s()[0]
    assert after_thrust.any()
    # Looks 0.01 s apart: at a signal of 20 each is good for one half, so that 90 % are sure after four.
    assert margins[after_thrust] == pytest.approx(least[after_thrust], abs=0.1)
    assert (margins <= least + SAME_S).all()
    # Waiting for the end of thrust, it is the footprint everywhere.
    tracks = np.full((*shooter.reached.shape, 2), np.inf)
    tracks[:, :, 0] = np.where(shooter.reached, burnouts_s(shooter), np.inf)
    waited = engaged(shooter, tracks)
    least = np.min(np.where(shooter.reached, waited[:, :, ek.E_MARGIN], np.inf), axis=0)
    assert margins == pytest.approx(least, abs=0.1)
    assert shooter.defended_km2()[0] > 0.0


def test_a_slower_search_never_defends_more(
    land: ShooterLand, stations: tuple[Station, ...], whole: NetworkSpec
) -> None:
    fast, slow = lone(land, stations, whole, 0.01), lone(land, stations, whole, 60.0)
    lost_s = fast.margins_s()[0] - slow.margins_s()[0]
    assert (lost_s >= -SAME_S).all()
    assert lost_s.max() > 1.0
    assert 0.0 < slow.defended_km2()[0] <= fast.defended_km2()[0]


def test_the_margins_of_a_cell_are_the_least_over_launch_areas(joined: Shooter) -> None:
    rows = engaged(joined, joined.tracks_s())[:, :, ek.E_MARGIN]
    for cell in range(rows.shape[1]):
        from_each = [rows[i, cell] for i in range(len(rows)) if joined.reached[i, cell]]
        expected = min(from_each) if from_each else math.nan
        assert joined.margins_s()[0, cell] == pytest.approx(expected, abs=SAME_S, nan_ok=True)


def test_defended_land_is_that_of_cells_with_a_margin(joined: Shooter, land: ShooterLand) -> None:
    expected = sum(km2 for km2, margin in zip(land.land_km2, joined.margins_s()[0], strict=True) if margin > 0.0)
    assert joined.defended_km2()[0] == pytest.approx(expected, rel=1e-12)
    assert 0.0 < joined.defended_km2()[0] <= land.land_km2.sum()


def test_the_tracks_are_the_own_one_and_the_first_from_elsewhere(joined: Shooter) -> None:
    tracks = joined.tracks_s()
    found: Outcome = joined.watchers.outcome()
    ids = [station.id for station in joined.watchers.stations]
    assert np.array_equal(tracks[joined.reached][:, 0], found.falling_s[ids.index("seongju")])
    # Ten seconds to the command network and ten on to the battery.
    elsewhere = [found.falling_s[ids.index(id)] for id in ("shariki", "kyogamisaki", "aegis-east-sea")]
    assert tracks[joined.reached][:, 1] == pytest.approx(np.min(elsewhere, axis=0) + 20.0, abs=1e-5)
    assert np.isinf(tracks[~joined.reached]).all()
    assert (tracks[joined.reached] >= joined.watchers.table.times_s[:, :1]).all()


def test_linking_earlier_sensors_never_shrinks_what_is_defended(joined: Shooter, land: ShooterLand) -> None:
    cut = Variant("no-link", "", frozenset(["seongju-reports", "seongju-is-told"]), NOTHING)
    linked, unlinked = joined.margins_s()[0], joined.margins_s(cut)[0]
    assert (linked >= unlinked - SAME_S).all()
    assert (linked > unlinked + 1.0).any()
    assert joined.defended_km2()[0] >= joined.defended_km2(cut)[0]
    assert np.isinf(joined.tracks_s(cut)[..., 1]).all()
    # Not joined, it is the battery by itself.
    alone = Shooter(
        with_placement(land, replace(land.placement, fires_on=())),
        (joined.own,),
        replace(joined.spec, warning=None, links=(), shooters=(), elements=()),
    )
    assert unlinked == pytest.approx(alone.margins_s()[0], abs=SAME_S)


def test_a_cue_alone_helps_the_own_radar(joined: Shooter, stations: tuple[Station, ...], land: ShooterLand) -> None:
    deaf = Shooter(with_placement(land, replace(land.placement, fires_on=())), stations, joined.spec)
    cut = Variant("no-link", "", frozenset(["seongju-is-told"]), NOTHING)
    told, untold = deaf.tracks_s()[deaf.reached][:, 0], deaf.tracks_s(cut)[deaf.reached][:, 0]
    assert (told <= untold).all()
    assert (told < untold).any()
    assert (deaf.margins_s()[0] >= deaf.margins_s(cut)[0] - SAME_S).all()


@pytest.mark.parametrize("track_until", ["intercept", "launch"])
def test_without_its_own_radar_a_battery_defends_nothing_on_its_own_track(
    stations: tuple[Station, ...], whole: NetworkSpec, land: ShooterLand, track_until: str
) -> None:
    placement = replace(land.placement, track_until=track_until)  # type: ignore[arg-type]
    shooter = Shooter(with_placement(land, placement), stations, whole)
    gone = Variant("no-seongju", "", NOTHING, frozenset(["seongju"]))
    assert np.isinf(shooter.tracks_s(gone)[..., 0]).all()
    assert np.isfinite(shooter.tracks_s(gone)[..., 1]).any()  # others have tracks, and they are in its hands
    assert shooter.defended_km2(gone).tolist() == [0.0]


def test_larger_missiles_are_tracked_no_later(
    land: ShooterLand, stations: tuple[Station, ...], whole: NetworkSpec
) -> None:
    spec = replace(whole, warning=None, links=(), shooters=(), elements=())
    placement = replace(land.placement, fires_on=())
    small, large = (
        Shooter(with_placement(land, placement), stations[:1], spec, bound).tracks_s()[..., 0]
        for bound in ("low", "high")
    )
    reached = np.isfinite(small)
    assert reached.any()
    assert (large[reached] <= small[reached]).all()


def test_a_battery_may_fire_on_a_radar_that_is_away_without_failing(
    joined: Shooter, stations: tuple[Station, ...]
) -> None:
    gone = Variant("x", "", NOTHING, frozenset(["shariki", "kyogamisaki", "aegis-east-sea"]))
    assert np.isinf(joined.tracks_s(gone)[..., 1]).all()
    everything = frozenset(station.id for station in stations) | {"warning"}
    assert joined.defended_km2(Variant("x", "", NOTHING, everything)).tolist() == [0.0]


def test_a_battery_whose_radar_has_several_sectors_is_refused(
    land: ShooterLand, stations: tuple[Station, ...], whole: NetworkSpec
) -> None:
    twice = replace(stations[0], watches=stations[0].watches * 2)
    with pytest.raises(InputError, match="sensor: seongju looks through 2 sectors; allowed: a radar with one"):
        Shooter(land, (twice, *stations[1:]), whole)
