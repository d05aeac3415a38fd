"""What may be typed on the command line: finite numbers with bounds, durations, and places on the Earth."""

from __future__ import annotations

import math
from typing import NamedTuple

import click


class LatLon(NamedTuple):
    """A place as typed: geodetic latitude and longitude, in degrees."""

    lat_deg: float
    lon_deg: float

    @property
    def lat_rad(self) -> float:
        """Geodetic latitude, in radians."""
        return math.radians(self.lat_deg)

    @property
    def lon_rad(self) -> float:
        """Longitude, in radians."""
        return math.radians(self.lon_deg)


def _finite(text: str) -> float | None:
    """Read a plain decimal number; None for anything else, ``nan``, ``inf`` and digits with underscores included."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


class NumberType(click.ParamType[float]):
    """A finite number in a stated unit, between bounds.

    Parameters
    ----------
    unit : str
        The unit, as the messages name it.
    low, high : float
        The bounds; ``high`` is allowed, ``low`` unless ``above`` says otherwise.
    above : bool
        Leave ``low`` itself out.
    """

    def __init__(self, unit: str, low: float, high: float, *, above: bool = False) -> None:
        self.unit = unit
        self.low = low
        self.high = high
        self.above = above
        self.name = unit

    @property
    def allowed(self) -> str:
        """The interval in words."""
        return f"{'(' if self.above else '['}{self.low:g}, {self.high:g}] {self.unit}"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or fail with value and bounds."""
        number = _finite(str(value))
        if number is None or not self.low <= number <= self.high or (self.above and number == self.low):
            self.fail(f"must be a number in {self.allowed}; got {str(value)!r}", param, ctx)
        return number


class DurationType(click.ParamType[float]):
    """A time in seconds, or as on a clock: ``47:12`` (minutes:seconds) or ``1:08:55``.

    Parameters
    ----------
    high_s : float
        The longest allowed; it must lie above 0. [s]
    """

    name = "S"

    def __init__(self, high_s: float) -> None:
        self.high_s = high_s

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds, or fail with value and bounds."""
        from equipoise.catalog.quantity import clock_seconds

        text = str(value).strip()
        seconds = clock_seconds(text) if ":" in text else _finite(text)
        if seconds is None or not 0.0 < seconds <= self.high_s:
            self.fail(
                f"must be seconds in (0, {self.high_s:g}], or minutes:seconds such as 47:12; got {str(value)!r}",
                param,
                ctx,
            )
        return seconds


class LatLonType(click.ParamType[LatLon]):
    """A place on the Earth as ``LAT,LON`` in degrees, for example ``39.2,125.7``; west and south are negative."""

    name = "LAT,LON"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> LatLon:
        """Return the place, or fail with what was typed and the bounds."""
        if isinstance(value, LatLon):
            return value
        parts = [_finite(part.strip()) for part in str(value).split(",")]
        if len(parts) != 2 or parts[0] is None or parts[1] is None:
            self.fail(f"must be LAT,LON in degrees, for example 39.2,125.7; got {str(value)!r}", param, ctx)
        place = LatLon(parts[0], parts[1])
        if not -90.0 <= place.lat_deg <= 90.0:
            self.fail(f"latitude must lie in [-90, 90] degrees; got {place.lat_deg:g}", param, ctx)
        if not -180.0 <= place.lon_deg <= 180.0:
            self.fail(f"longitude must lie in [-180, 180] degrees; got {place.lon_deg:g}", param, ctx)
        return place


LAT_LON = LatLonType()
