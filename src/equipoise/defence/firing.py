"""When a battery can fire at an arc: its window of launches, and the intercept that each of them leads to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.defence import engagement_kernels as ek
from equipoise.defence import shot_kernels as sk
from equipoise.defence.battery import Battery
from equipoise.physics.geodesy import Site
from equipoise.sensors.radar import Radar
from equipoise.sensors.visibility_kernels import View
from equipoise.study.file import TrackUntil

# Launches of a window that are tabulated: between them the intercept is a straight line.
STEPS = 65


@dataclass(frozen=True)
class Guide:
    """A radar that looks at an arc for a battery, and how its track comes to the battery.

    Parameters
    ----------
    view : View
        Where it stands and looks, with its detection range against this missile.
    confirm_s : float
        From first sight to a firm track. [s]
    latency_s : float
        Until that track is in the battery's hands: 0 for the battery's own radar. [s]
    """

    view: View
    confirm_s: float
    latency_s: float = 0.0

    @classmethod
    def of(cls, radar: Radar, site: Site, boresight_rad: float, rcs_m2: float, *, latency_s: float = 0.0) -> Guide:
        """Put a radar at a site, turned to a boresight [rad], to look for a cross-section [m2]."""
        return cls(radar.view(site, boresight_rad, rcs_m2), radar.confirm_time_s, latency_s)

    def firm_s(self, arc: FloatArray, burnout_s: float, end_s: float) -> float:
        """Return when its firm track of an arc (n_node, 6) is in the battery's hands [s]; inf for never.

        Nobody commits on another's track while the engine burns: it counts from the end of thrust. Sight that breaks
        off before the track is confirmed gives none.
        """
        return float(sk.firm_track(arc, burnout_s, end_s, self.confirm_s, self.view)) + self.latency_s


@dataclass(frozen=True)
class FiringWindow:
    """When a battery can fire at an arc. Times [s] count from the missile's launch.

    Parameters
    ----------
    margin_s : float
        As in the footprint: above zero, the arc can be met.
    constraint : int
        What binds, a code of ``engagement_kernels``; 0 if the arc can be met.
    detection_s : float
        First sight by the radar that guides, in the interval that gives the margin.
    first_launch_s, last_launch_s : float
        The first and the last launch; nan where the arc cannot be met.
    intercept_s : ndarray, shape (STEPS,)
        Intercepts of launches evenly spread from the first to the last.
    """

    margin_s: float
    constraint: int
    detection_s: float
    first_launch_s: float
    last_launch_s: float
    intercept_s: FloatArray

    @property
    def can_fire(self) -> bool:
        """Whether the arc can be met."""
        return self.margin_s > 0.0


def firing_window(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    battery: Battery,
    site: Site,
    own: Guide | None,
    others: tuple[Guide, ...] = (),
    track_until: TrackUntil = "intercept",
) -> FiringWindow:
    """Work out when a battery can fire at an arc.

    Parameters
    ----------
    arc : ndarray, shape (n_node, 6)
        Position [m] and velocity [m/s] in ecef at the nodes of a fan's arc.
    burnout_s, end_s : float
        End of thrust and impact. [s]
    battery : Battery
        Its reach and delays.
    site : Site
        Where it stands.
    own : Guide or None
        Its own radar. A battery without one is guided by the one of ``others`` that leaves it the most time.
    others : tuple of Guide
        Radars whose firm track allows a launch.
    track_until : {"intercept", "launch"}
        How long the guiding radar must see the target.

    Returns
    -------
    FiringWindow
        One interval of launches, around the best moment; a second one, where the target leaves the reach and comes
        back, is left out. So are searches: a radar finds what comes into its view.
    """
    if own is not None:
        remote_s = min((guide.firm_s(arc, burnout_s, end_s) for guide in others), default=np.inf)
        return _window(arc, burnout_s, end_s, battery, site, own, -np.inf, remote_s, track_until)
    windows = [
        _window(arc, burnout_s, end_s, battery, site, guide, guide.firm_s(arc, burnout_s, end_s), np.inf, track_until)
        for guide in others
    ]
    return max(windows, key=lambda window: window.margin_s)


def _window(
    arc: FloatArray,
    burnout_s: float,
    end_s: float,
    battery: Battery,
    site: Site,
    guide: Guide,
    own_firm_s: float,
    remote_s: float,
    track_until: TrackUntil,
) -> FiringWindow:
    shooter = battery.shooter(site, guide.confirm_s, track_until=track_until)
    row = np.empty(ek.E_SIZE)
    sk.engage_arc(arc, burnout_s, end_s, own_firm_s, remote_s, guide.view, shooter, battery.reach.table, row)
    intercept_s = np.full(STEPS, np.nan)
    first_s = last_s = np.nan
    if row[ek.E_MARGIN] > 0.0:
        first_s = float(row[ek.E_FIRST_LAUNCH])
        last_s = float(
            sk.tabulate_shots(
                arc,
                burnout_s,
                end_s,
                float(row[ek.E_FIRST_INTERCEPT]),
                float(row[ek.E_LAST_INTERCEPT]),
                first_s,
                shooter,
                battery.reach.table,
                intercept_s,
            )
        )
    return FiringWindow(
        float(row[ek.E_MARGIN]),
        int(row[ek.E_CONSTRAINT]),
        float(row[ek.E_DETECTION]),
        first_s,
        last_s,
        intercept_s,
    )
