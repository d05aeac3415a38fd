"""One arc and one radar's looks: the bound on the track, and Stone Soup's filters over the same looks."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable

import numpy as np
from grids import best_of

from equipoise.catalog import load_catalog
from equipoise.physics import Aim, Missile, Site, fly
from equipoise.sensors import Accuracy, Radar, Tracker, look_at, track_bound

SITE = Site.of_degrees(35.92, 128.28)
BORESIGHT_RAD = math.radians(340.0)
RCS_M2 = 0.01
RATE_HZ = 0.5
START_S = 130.0
STEP_S = 1.0 / RATE_HZ
PRIOR_SD = np.repeat([300.0, 30.0], 3)


def _stone_soup(name: str, looks: int, tracker: Tracker, states_ecef: np.ndarray) -> Callable[[], object]:
    """Return a call that runs one of Stone Soup's filters over as many looks."""
    import stone_soup_tracks as peer
    from stonesoup.types.state import State

    ground = peer.Ground(SITE.lat_rad, SITE.lon_rad)
    view = tracker.radar.view(SITE, BORESIGHT_RAD, RCS_M2)
    range_sd_m, across_sd_rad, up_sd_rad = tracker.accuracy.deviations(
        look_at(tracker.radar, view, states_ecef[:, :3]).snr
    )
    states = ground.local(states_ecef.T).T
    el_rad = np.arctan2(states[:, 2], np.hypot(states[:, 0], states[:, 1]))
    rows = np.column_stack([up_sd_rad, across_sd_rad / np.cos(el_rad), range_sd_m])
    models = [peer.measurement_model(row) for row in rows]
    exact = [model.function(State(x[:, None]), noise=False) for model, x in zip(models, states, strict=True)]
    times_s = START_S + STEP_S * np.arange(looks)
    prior = np.diag(np.square(PRIOR_SD))
    return lambda: list(peer.track(name, ground, times_s, models, exact, states[0], prior))


def measure(looks: int, repeats: int) -> dict[str, float]:
    """Return seconds for the covariance of a track after every look, by program; the first is ours.

    Ours also foretells an intercept point and the impact point after every look; the filters do not.
    """
    catalog = load_catalog()
    record = catalog.radar("an-tpy-2")
    arc = fly(
        Missile.from_record(catalog.missile("nodong")),
        Site.of_degrees(39.0, 127.0),
        Aim(math.radians(160.0), math.radians(42.0)),
    )
    radar = Radar.from_record(record, "lewis-postol-870")
    tracker = Tracker(radar, SITE, BORESIGHT_RAD, Accuracy.from_record(record, bandwidth_hz=3e6), RATE_HZ)
    stop_s = START_S + (looks - 1) * STEP_S
    prior = np.diag(np.square(PRIOR_SD))

    def ours() -> object:
        return track_bound(
            arc, [tracker], RCS_M2,
            start_s=START_S, stop_s=stop_s, intercept_time_s=600.0, prior_covariance_ecef=prior,
        )  # fmt: skip

    ours()  # compiles
    times = {"equipoise": best_of(repeats, ours)}
    if importlib.util.find_spec("stonesoup") is not None:
        bound = track_bound(arc, [tracker], RCS_M2, start_s=START_S, stop_s=stop_s)
        states = bound.state_ecef[np.searchsorted(bound.time_s, START_S + STEP_S * np.arange(looks))]
        for name in ("extended", "unscented"):
            times[f"Stone Soup, {name} filter"] = best_of(repeats, _stone_soup(name, looks, tracker, states))
    return times
