"""What a reported flight came to: plain frozen results for tables, JSON and pictures."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.analysis.flight_report import REPORT_GOOD_TO_S, FlightReport
from equipoise.arrays import FloatArray
from equipoise.physics.fitting import Fit
from equipoise.physics.flight import Trajectory
from equipoise.physics.kepler import KeplerArc


@dataclass(frozen=True)
class Band:
    """The least, central and greatest value of a quantity over all that was tried."""

    low: float
    central: float
    high: float

    @classmethod
    def of(cls, central: float, others: list[float]) -> Band:
        """Span a central value and others."""
        return cls(min([central, *others]), central, max([central, *others]))


@dataclass(frozen=True)
class Calibrated:
    """A class of missile fitted to the reported flight.

    Parameters
    ----------
    missile_id : str
        The catalogue record, or the user's own.
    fit : Fit
        What was set, and to what.
    turning : bool
        Whether the Earth turned while it was fitted (only if the direction is known).
    lofted : Trajectory
        The reported flight.
    standard : Trajectory
        The longest flight in the same direction, on the same Earth.
    """

    missile_id: str
    fit: Fit
    turning: bool
    lofted: Trajectory
    standard: Trajectory


@dataclass(frozen=True)
class Candidate:
    """A class that may have flown, and what it gives by itself.

    Parameters
    ----------
    missile_id : str
        The catalogue record.
    value : float
        Of the free parameter that fits it to the report.
    time_s : Band
        Flight time over its own uncertainties. [s]
    range_still_m : Band
        Longest range on a still Earth over its own uncertainties. [m]
    """

    missile_id: str
    value: float
    time_s: Band
    range_still_m: Band


@dataclass(frozen=True)
class Move:
    """What one assumption does to the longest range, all others at their central values.

    Parameters
    ----------
    quantity, low_label, high_label : str
        What is moved, and its two ends in words with units.
    range_low_m, range_high_m : float or None
        Longest range on a still Earth at either end, the missile fitted anew; None where nothing fits. [m]
    time_low_s, time_high_s : float or None
        Flight time of the reported arc at either end. [s]
    """

    quantity: str
    low_label: str
    high_label: str
    range_low_m: float | None
    range_high_m: float | None
    time_low_s: float | None
    time_high_s: float | None


@dataclass(frozen=True)
class RangeRing:
    """How far the calibrated missile flies in each direction over the turning Earth.

    Parameters
    ----------
    az_rad : ndarray, shape (n,)
        Azimuths of thrust, evenly round. [rad]
    range_m : ndarray, shape (3, n)
        Low, central and high; NaN where none comes down. [m]
    lat_rad, lon_rad : ndarray, shape (3, n)
        Where those flights come down. [rad]
    """

    az_rad: FloatArray
    range_m: FloatArray
    lat_rad: FloatArray
    lon_rad: FloatArray


@dataclass(frozen=True)
class FlightTest:
    """What a reported flight came to.

    Parameters
    ----------
    report : FlightReport
        What was announced.
    kepler : KeplerArc
        The same apogee and distance without a boost.
    kepler_range_m : float
        The longest range of the Kepler arc's speed at the ground. [m]
    calibrated : Calibrated
        The central missile: the class named, or the nearest of the candidates.
    candidates : tuple of Candidate
        Every class that may have flown, nearest first; one if the class was named.
    time_s : Band
        Flight time that physics allows over every boost tried. [s]
    range_still_m, range_turning_m : Band
        Longest range over every boost tried on a still Earth; and over directions too on the turning one. [m]
    reaches_antipode : bool
        Whether the greatest range is half round the Earth, so that it is the Earth that ends it.
    moves : tuple of Move
        One assumption at a time.
    payloads : tuple of (float, float)
        Payload [kg] and longest range on a still Earth [m] of the calibrated missile, were it to carry that instead.
    ring : RangeRing
        Direction by direction.
    boosts_tried, boosts_fitted : int
        How many were fitted to the report, and how many could be.
    """

    report: FlightReport
    kepler: KeplerArc
    kepler_range_m: float
    calibrated: Calibrated
    candidates: tuple[Candidate, ...]
    time_s: Band
    range_still_m: Band
    range_turning_m: Band
    reaches_antipode: bool
    moves: tuple[Move, ...]
    payloads: tuple[tuple[float, float], ...]
    ring: RangeRing
    boosts_tried: int
    boosts_fitted: int

    @property
    def time_miss_s(self) -> float | None:
        """By how much the reported time lies outside the band [s]: negative too short, positive too long, 0 inside."""
        if self.report.time_s is None:
            return None
        return max(0.0, self.report.time_s - self.time_s.high) - max(0.0, self.time_s.low - self.report.time_s)

    @property
    def consistent(self) -> bool | None:
        """Whether apogee, range and time go together, to the minute that reports are good to; None without a time."""
        miss = self.time_miss_s
        return None if miss is None else abs(miss) <= REPORT_GOOD_TO_S


@dataclass(frozen=True)
class TimeResidual:
    """One test of a plot of all: the reported against the computed flight time, and range.

    Parameters
    ----------
    label, missile : str
        What the test is called, and the class.
    apogee_m, range_m : float
        As reported. [m]
    kepler_s : float
        Time of the vacuum arc. [s]
    time_s : Band
        Over every boost tried. [s]
    reported_low_s, reported_high_s : float or None
        Between which the reported time lies, as rounded; None: no time was reported. [s]
    standard_range_m : Band or None
        Longest range over every boost tried. [m]
    kepler_range_m : float or None
        Longest range of the vacuum arc's speed. [m]
    published_low_m, published_high_m : float or None
        Between which the published longest range lies; None: none was published. [m]
    """

    label: str
    missile: str
    apogee_m: float
    range_m: float
    kepler_s: float
    time_s: Band
    reported_low_s: float | None = None
    reported_high_s: float | None = None
    standard_range_m: Band | None = None
    kepler_range_m: float | None = None
    published_low_m: float | None = None
    published_high_m: float | None = None

    @classmethod
    def of(
        cls,
        label: str,
        test: FlightTest,
        *,
        reported_s: tuple[float, float] | None = None,
        published_m: tuple[float, float] | None = None,
    ) -> TimeResidual:
        """Take a test's numbers; the reported time is the report's own if no rounding is given."""
        report = test.report
        if reported_s is None and report.time_s is not None:
            reported_s = report.time_s, report.time_s
        low_s, high_s = reported_s if reported_s is not None else (None, None)
        low_m, high_m = published_m if published_m is not None else (None, None)
        return cls(
            label=label,
            missile=test.calibrated.missile_id,
            apogee_m=report.apogee_m,
            range_m=report.range_m,
            kepler_s=test.kepler.time_s,
            time_s=test.time_s,
            reported_low_s=low_s,
            reported_high_s=high_s,
            standard_range_m=test.range_still_m,
            kepler_range_m=test.kepler_range_m,
            published_low_m=low_m,
            published_high_m=high_m,
        )

    @property
    def time_consistent(self) -> bool | None:
        """Whether some time that rounds to the reported one lies in the band; None if none was reported."""
        if self.reported_low_s is None or self.reported_high_s is None:
            return None
        return self.reported_low_s <= self.time_s.high and self.reported_high_s >= self.time_s.low
