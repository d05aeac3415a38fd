"""Arcs come down where SciPy's DOP853 brings them down, with a right-hand side written here and nowhere else.

The reference shares the model's description (stages, drag table, steering) and nothing of its code: it integrates in
an inertial frame instead of the Earth-fixed one, takes gravity from the potential in spherical coordinates, the
height above the ellipsoid from an iteration, the air from the equations of the U.S. Standard Atmosphere 1976, and
starts anew at every event of the flight. rtol 1e-11 leaves it converged to well below a centimetre.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from equipoise.physics import Aim, Missile, Site, Stage, fly, fly_many
from equipoise.physics import flight_kernels as fk
from equipoise.physics.flight import TOLERANCE_10_M, TOLERANCE_M
from equipoise.physics.geodesy import geodesics_from

# The promise of the flight model: impact and apogee within 1 m from 300 to 12,000 km.
IMPACT_TOLERANCE_M = 1.0
APOGEE_TOLERANCE_M = 1.0
# A body falls 1 m in about a millisecond at the speeds of re-entry; the slowest here comes down at 0.4 km/s.
TIME_TOLERANCE_S = 3e-3
# A step error at which the model's own arcs no longer move.
CONVERGED_M = 1e-9

# World Geodetic System 1984, NIMA TR8350.2 (2000).
A_M = 6378137.0
F = 1.0 / 298.257223563
E2 = F * (2.0 - F)
GM = 3.986004418e14
OMEGA = 7.292115e-5
J2 = 0.484166774985e-3 * math.sqrt(5.0)

# U.S. Standard Atmosphere, 1976: base geopotential height [m], gradient [K/m], base temperature [K].
LAYERS = [
    (0.0, -6.5e-3, 288.15),
    (11e3, 0.0, 216.65),
    (20e3, 1.0e-3, 216.65),
    (32e3, 2.8e-3, 228.65),
    (47e3, 0.0, 270.65),
    (51e3, -2.8e-3, 270.65),
    (71e3, -2.0e-3, 214.65),
]
R_SPECIFIC = 8314.32 / 28.9644
G0 = 9.80665
R0 = 6356766.0
# R. A. Braeunig's fits to the report's table I: bottom [km] and powers of the altitude in km, highest first.
UPPER = [
    (86.0, (0.0, -3.322622e-06, 9.111460e-04, -0.2609971, 5.944694)),
    (91.0, (0.0, 2.873405e-05, -0.008492037, 0.6541179, -23.62010)),
    (100.0, (-1.240774e-05, 0.005162063, -0.8048342, 55.55996, -1443.338)),
    (110.0, (0.0, -8.854164e-05, 0.03373254, -4.390837, 176.5294)),
    (120.0, (3.661771e-07, -2.154344e-04, 0.04809214, -4.884744, 172.3597)),
    (150.0, (1.906032e-08, -1.527799e-05, 0.004724294, -0.6992340, 20.50921)),
    (200.0, (1.199282e-09, -1.451051e-06, 6.910474e-04, -0.1736220, -5.321644)),
    (300.0, (1.140564e-10, -2.130756e-07, 1.570762e-04, -0.07029296, -12.89844)),
    (500.0, (8.105631e-12, -2.358417e-09, -2.635110e-06, -0.01562608, -20.02246)),
    (750.0, (-3.701195e-12, -8.608611e-09, 5.118829e-05, -0.06600998, -6.137674)),
]
DRAG = ((0.0, 0.2), (0.85, 0.2), (1.0, 0.27), (1.2, 0.27), (2.0, 0.2), (4.5, 0.2))


def layer_pressures() -> list[float]:
    """Return the pressure at the base of each layer. [Pa]"""
    pressures = [101325.0]
    for (bottom, gradient, base_k), (top, _, _) in pairwise(LAYERS):
        if gradient == 0.0:
            ratio = math.exp(-G0 * (top - bottom) / (R_SPECIFIC * base_k))
        else:
            ratio = ((base_k + gradient * (top - bottom)) / base_k) ** (-G0 / (R_SPECIFIC * gradient))
        pressures.append(pressures[-1] * ratio)
    return pressures


PRESSURES = layer_pressures()
BASES = [layer[0] for layer in LAYERS]
UPPER_BASES = [fit[0] for fit in UPPER]


def standard_air(height_m: float) -> tuple[float, float, float]:
    """Return density [kg/m3], pressure [Pa] and sound speed [m/s]; above 86 km as the model says: fits, no pressure."""
    if height_m >= 1000e3:
        return 0.0, 0.0, 1.0
    z = min(height_m, 86e3)
    h = R0 * z / (R0 + z)
    i = max(0, bisect.bisect_right(BASES, h) - 1)
    bottom, gradient, base_k = LAYERS[i]
    temperature = base_k + gradient * (h - bottom)
    if gradient == 0.0:
        pressure = PRESSURES[i] * math.exp(-G0 * (h - bottom) / (R_SPECIFIC * base_k))
    else:
        pressure = PRESSURES[i] * (temperature / base_k) ** (-G0 / (R_SPECIFIC * gradient))
    sound = math.sqrt(1.4 * R_SPECIFIC * temperature)
    if height_m < 86e3:
        return pressure / (R_SPECIFIC * temperature), pressure, sound
    km = height_m / 1e3
    a, b, c, d, e = UPPER[bisect.bisect_right(UPPER_BASES, km) - 1][1]
    return math.exp((((a * km + b) * km + c) * km + d) * km + e), 0.0, sound


def geodetic(x: float, y: float, z: float) -> tuple[float, float]:
    """Return geodetic latitude [rad] and height [m]; the fixed point gains two digits and more each time."""
    p = math.hypot(x, y)
    lat = math.atan2(z, p * (1.0 - E2))
    for _ in range(7):
        s = math.sin(lat)
        lat = math.atan2(z + E2 * A_M / math.sqrt(1.0 - E2 * s * s) * s, p)
    s, c = math.sin(lat), math.cos(lat)
    return lat, p * c + z * s - A_M * math.sqrt(1.0 - E2 * s * s)


def gravity(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Return the gradient of ``GM/r (1 - J2 (a/r)^2 (3 sin^2 - 1)/2)``, radial and northward parts put together."""
    r = math.sqrt(x * x + y * y + z * z)
    p = math.hypot(x, y)
    s, c = z / r, p / r
    k = J2 * (A_M / r) ** 2
    radial = -GM / r**2 * (1.0 - 1.5 * k * (3.0 * s * s - 1.0))
    northward = -GM / r**2 * 3.0 * k * s * c
    across = radial * c - northward * s
    return across * x / p, across * y / p, radial * s + northward * c


def drag_coefficient(mach: float) -> float:
    return float(np.interp(mach, [m for m, _ in DRAG], [c for _, c in DRAG]))


def local_axes(x: float, y: float, lat: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    p = math.hypot(x, y)
    cl, sl = x / p, y / p
    s, c = math.sin(lat), math.cos(lat)
    return np.array([-sl, cl, 0.0]), np.array([-s * cl, -s * sl, c]), np.array([c * cl, c * sl, s])


@dataclass(frozen=True)
class Phase:
    """What thrusts and drags between two times."""

    start_s: float
    end_s: float
    mode: str  # up, pitch, hold, along or coast
    mass_kg: float  # at start
    stage: Stage | None
    area_m2: float
    beta: float | None


def phases(missile: Missile, aim: Aim) -> list[Phase]:
    """Cut a flight at every ignition, cut-off and change of steering."""
    held_s = missile.vertical_time_s + (math.pi / 2 - aim.angle_rad) / missile.pitch_rate_rad_s
    changes = [missile.vertical_time_s] if missile.gravity_turn else [missile.vertical_time_s, held_s]
    result: list[Phase] = []
    time, burned = 0.0, 0.0
    mass = missile.payload_kg + sum(s.propellant_kg + s.inert_kg for s in missile.stages)
    area = 0.0
    for i, stage in enumerate(missile.stages):
        burn = min(stage.burn_time_s, aim.burn_s - burned)
        if burn <= 0.0:
            break
        area = math.pi * stage.diameter_m**2 / 4.0
        end = time + burn
        cuts = [time, *[t for t in changes if time < t < end], end]
        for a, b in pairwise(cuts):
            if a < missile.vertical_time_s:
                mode = "up"
            elif missile.gravity_turn:
                mode = "along"
            else:
                mode = "pitch" if a < held_s else "hold"
            result.append(Phase(a, b, mode, mass, stage, area, None))
            mass -= stage.propellant_kg / stage.burn_time_s * (b - a)
        time, burned = end, burned + burn
        if burn < stage.burn_time_s or i == len(missile.stages) - 1:
            break
        mass -= stage.inert_kg
        if stage.coast_after_s > 0.0:
            next_area = math.pi * missile.stages[i + 1].diameter_m ** 2 / 4.0
            result.append(Phase(time, time + stage.coast_after_s, "coast", mass, None, next_area, None))
            time += stage.coast_after_s
    result.append(Phase(time, 4 * 3600.0, "coast", mass, None, area, missile.ballistic_coefficient_kg_m2))
    return result


class Reference:
    """One flight, integrated in the inertial frame that coincides with the Earth-fixed one at launch."""

    def __init__(self, missile: Missile, launch: Site, aim: Aim, rotation: bool) -> None:
        self.missile = missile
        self.aim = aim
        self.omega = OMEGA if rotation else 0.0
        s, c = math.sin(launch.lat_rad), math.cos(launch.lat_rad)
        n = A_M / math.sqrt(1.0 - E2 * s * s)
        x, y = n * c * math.cos(launch.lon_rad), n * c * math.sin(launch.lon_rad)
        state = np.array([x, y, n * (1.0 - E2) * s, -self.omega * y, self.omega * x, 0.0])
        self.apogee_m, self.apogee_s = 0.0, math.nan
        turned = False
        for phase in phases(missile, aim):
            if phase.mode == "along" and not turned:
                turned = True
                state = self._kicked(state)
            state, end_s = self._integrate(phase, state)
        self.impact_s = end_s
        turn = self.omega * end_s
        x, y = state[0], state[1]
        self.impact_m = np.array(
            [x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn), state[2]]
        )

    def _relative(self, y: np.ndarray) -> tuple[float, float, float]:
        return y[3] + self.omega * y[1], y[4] - self.omega * y[0], y[5]

    def _kicked(self, y: np.ndarray) -> np.ndarray:
        lat, _ = geodetic(*y[:3])
        east, north, up = local_axes(y[0], y[1], lat)
        speed = math.sqrt(sum(v * v for v in self._relative(y)))
        ahead = math.sin(self.aim.az_rad) * east + math.cos(self.aim.az_rad) * north
        v = speed * (math.cos(self.aim.angle_rad) * up + math.sin(self.aim.angle_rad) * ahead)
        return np.concatenate([y[:3], v + self.omega * np.array([-y[1], y[0], 0.0])])

    def _integrate(self, phase: Phase, start: np.ndarray) -> tuple[np.ndarray, float]:
        missile, aim = self.missile, self.aim
        sin_az, cos_az = math.sin(aim.az_rad), math.cos(aim.az_rad)

        def derivative(t: float, y: np.ndarray) -> list[float]:
            px, py, pz, ux, uy, uz = y.tolist()
            ax, ay, az = gravity(px, py, pz)
            lat, height = geodetic(px, py, pz)
            vx, vy, vz = ux + self.omega * py, uy - self.omega * px, uz
            speed = math.sqrt(vx * vx + vy * vy + vz * vz)
            pressure = 0.0
            flow = phase.stage.propellant_kg / phase.stage.burn_time_s if phase.stage else 0.0
            mass = phase.mass_kg - flow * (t - phase.start_s)
            if missile.air and height < 1000e3:
                density, pressure, sound = standard_air(height)
                if phase.beta is not None:
                    k = 0.5 * density * speed / phase.beta
                else:
                    k = 0.5 * density * speed * drag_coefficient(speed / sound) * phase.area_m2 / mass
                ax, ay, az = ax - k * vx, ay - k * vy, az - k * vz
            if phase.stage is not None:
                stage = phase.stage
                isp = stage.isp_vacuum_s - (stage.isp_vacuum_s - stage.isp_sea_level_s) * pressure / 101325.0
                push = flow * G0 * isp / mass
                if phase.mode == "along":
                    ax, ay, az = ax + push * vx / speed, ay + push * vy / speed, az + push * vz / speed
                else:
                    elevation = math.pi / 2
                    if phase.mode == "pitch":
                        elevation -= missile.pitch_rate_rad_s * (t - missile.vertical_time_s)
                    elif phase.mode == "hold":
                        elevation = aim.angle_rad
                    east, north, up = local_axes(px, py, lat)
                    d = math.sin(elevation) * up + math.cos(elevation) * (sin_az * east + cos_az * north)
                    ax, ay, az = ax + push * d[0], ay + push * d[1], az + push * d[2]
            return [ux, uy, uz, ax, ay, az]

        def climbing(t: float, y: np.ndarray) -> float:
            lat, _ = geodetic(*y[:3])
            _, _, up = local_axes(y[0], y[1], lat)
            return float(up @ self._relative(y))

        def height(t: float, y: np.ndarray) -> float:
            return geodetic(*y[:3])[1]

        climbing.direction = -1.0  # type: ignore[attr-defined]
        height.direction = -1.0  # type: ignore[attr-defined]
        height.terminal = True  # type: ignore[attr-defined]
        last = phase.end_s == 4 * 3600.0
        solution = solve_ivp(
            derivative,
            (phase.start_s, phase.end_s),
            start,
            method="DOP853",
            rtol=1e-11,
            atol=[1e-6] * 3 + [1e-9] * 3,
            max_step=15.0,
            events=[climbing, height] if last else [climbing],
        )
        assert solution.success
        for t, y in zip(solution.t_events[0], solution.y_events[0], strict=True):
            top = geodetic(*y[:3])[1]
            if top > self.apogee_m:
                self.apogee_m, self.apogee_s = top, float(t)
        if last:
            assert solution.status == 1, "the reference must come down"
            return solution.y_events[1][0], float(solution.t_events[1][0])
        return solution.y[:, -1], float(solution.t[-1])


def stage(propellant: float, inert: float, sea: float, vacuum: float, burn: float, d: float, coast: float = 0) -> Stage:
    return Stage(propellant, inert, sea, vacuum, burn, d, coast)


# Made-up missiles of the sizes that the studies fly; nothing here is a catalogue number.
SHORT = (stage(3700, 1200, 230, 254, 65, 0.88),)
MEDIUM = (stage(15500, 2300, 226, 250, 110, 1.35),)
TWO = (stage(40000, 4000, 240, 275, 110, 1.8, 3.0), stage(9000, 900, 250, 290, 120, 1.5))
THREE = (
    stage(30000, 3000, 240, 270, 60, 1.8, 1.0),
    stage(9000, 900, 250, 290, 60, 1.5, 2.0),
    stage(3200, 320, 255, 295, 60, 1.2),
)


def missile(name: str, stages: tuple[Stage, ...], payload: float, **rest: object) -> Missile:
    return Missile(name, stages, payload, DRAG, **rest)  # type: ignore[arg-type]


RATE = {"pitch_rate_rad_s": math.radians(1.0)}
SCUD = missile("scud-like", SHORT, 1000.0, **RATE)
SCUD_TURN = missile("scud-like, gravity turn", SHORT, 1000.0, gravity_turn=True)
NODONG = missile("nodong-like", MEDIUM, 1000.0, ballistic_coefficient_kg_m2=5000.0, pitch_rate_rad_s=math.radians(0.7))
NODONG_WHOLE = missile("nodong-like, whole", MEDIUM, 1000.0, **RATE)
NODONG_TURN = missile("nodong-like, turn", MEDIUM, 1000.0, ballistic_coefficient_kg_m2=3000.0, gravity_turn=True)
TWO_STAGE = missile("two stages", TWO, 900.0, ballistic_coefficient_kg_m2=8000.0, **RATE)
TWO_STAGE_TURN = missile("two stages, turn", TWO, 900.0, ballistic_coefficient_kg_m2=8000.0, gravity_turn=True)
THREE_STAGE = missile("three stages", THREE, 700.0, ballistic_coefficient_kg_m2=10000.0, **RATE)
THREE_STAGE_WHOLE = missile("three stages, whole", THREE, 700.0, **RATE)
THREE_STAGE_TURN = missile("three stages, turn", THREE, 700.0, ballistic_coefficient_kg_m2=10000.0, gravity_turn=True)
KOREA = (39.0, 125.7)

# missile, launch [deg], azimuth [deg], angle [deg], cut-off [s], rotation
CASES = [
    (SCUD, KOREA, 170.0, 45.0, math.inf, True),
    (SCUD, KOREA, 40.0, 42.0, math.inf, False),
    (SCUD, (-33.0, 151.0), 290.0, 75.0, math.inf, True),
    (SCUD, KOREA, 100.0, 45.0, 58.3, True),
    (SCUD_TURN, KOREA, 180.0, 6.0, math.inf, True),
    (NODONG, KOREA, 140.0, 45.0, math.inf, True),
    (NODONG, KOREA, 140.0, 45.0, math.inf, False),
    (NODONG, KOREA, 155.0, 42.0, 92.7, True),
    (NODONG, (68.0, -170.0), 60.0, 70.0, math.inf, True),
    (NODONG_WHOLE, KOREA, 95.0, 40.0, math.inf, True),
    (NODONG_TURN, (0.0, 179.5), 45.0, 5.0, math.inf, True),
    (TWO_STAGE, KOREA, 70.0, 40.0, math.inf, True),
    (TWO_STAGE, KOREA, 70.0, 40.0, 201.25, True),
    (TWO_STAGE, KOREA, 300.0, 80.0, math.inf, False),
    (TWO_STAGE_TURN, KOREA, 120.0, 0.6, math.inf, True),
    (THREE_STAGE, KOREA, 20.0, 30.0, 172.0, True),
    (THREE_STAGE, KOREA, 20.0, 30.0, 172.0, False),
    (THREE_STAGE, KOREA, 290.0, 55.0, 170.0, True),
    (THREE_STAGE_WHOLE, KOREA, 90.0, 35.0, 172.5, True),
    (THREE_STAGE_TURN, KOREA, 45.0, 2.0, math.inf, True),
]


def name_of(case: tuple[Missile, tuple[float, float], float, float, float, bool]) -> str:
    flown, _, azimuth, angle, burn, rotation = case
    cut = "" if math.isinf(burn) else f"-cut{burn:g}"
    return f"{flown.name.replace(', ', '-').replace(' ', '-')}-{azimuth:g}-{angle:g}{cut}{'' if rotation else '-still'}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_impact_and_apogee_are_those_of_dop853(
    case: tuple[Missile, tuple[float, float], float, float, float, bool],
) -> None:
    flown, launch_deg, azimuth, angle, burn, rotation = case
    launch = Site.of_degrees(*launch_deg)
    aim = Aim(math.radians(azimuth), math.radians(angle), burn)
    ours = fly(flown, launch, aim, rotation=rotation)
    theirs = Reference(flown, launch, aim, rotation)
    miss_m = float(np.linalg.norm(ours.impact.r_ecef_m - theirs.impact_m))
    print(
        f"{name_of(case)}: range {ours.range_m / 1e3:.1f} km, apogee {ours.apogee_m / 1e3:.1f} km, impact off "
        f"{miss_m:.4f} m, apogee off {ours.apogee_m - theirs.apogee_m:.4f} m, time off "
        f"{1e3 * (ours.impact.time_s - theirs.impact_s):.4f} ms"
    )
    assert miss_m < IMPACT_TOLERANCE_M
    assert ours.apogee_m == pytest.approx(theirs.apogee_m, abs=APOGEE_TOLERANCE_M)
    assert ours.impact.time_s == pytest.approx(theirs.impact_s, abs=TIME_TOLERANCE_S)


def test_the_cases_span_the_promised_ranges() -> None:
    ranges_m = [
        fly(m, Site.of_degrees(*p), Aim(math.radians(az), math.radians(an), b), rotation=r).range_m
        for m, p, az, an, b, r in CASES
    ]
    assert min(ranges_m) < 310e3
    assert max(ranges_m) > 11_500e3


@pytest.mark.parametrize(
    ("tolerance_m", "allowed_m"), [(TOLERANCE_M, IMPACT_TOLERANCE_M), (TOLERANCE_10_M, 10.0)], ids=["1 m", "10 m"]
)
@pytest.mark.parametrize(
    "flown", [NODONG, NODONG_WHOLE, NODONG_TURN, TWO_STAGE, THREE_STAGE, THREE_STAGE_TURN], ids=lambda m: m.name
)
def test_random_arcs_are_as_near_to_converged_ones_as_promised(
    flown: Missile, tolerance_m: float, allowed_m: float
) -> None:
    # The cases above show what the model converges to; these, that no arc in between is far from it.
    rng = np.random.default_rng(1)
    count = 300
    launch = Site.of_degrees(*KOREA)
    az = rng.uniform(0.0, 2.0 * math.pi, count)
    angle = np.radians(rng.uniform(1.0, 6.0, count) if flown.gravity_turn else rng.uniform(25.0, 80.0, count))
    burn = flown.burn_time_s * rng.uniform(0.7, 1.0, count)
    ours = fly_many(flown, launch, az, angle, burn, tolerance_m=tolerance_m)
    converged = fly_many(flown, launch, az, angle, burn, tolerance_m=CONVERGED_M)
    length_m, _ = geodesics_from(launch, converged[:, fk.S_LAT], converged[:, fk.S_LON])
    in_span = (converged[:, fk.S_STATUS] == fk.IMPACT) & (length_m > 300e3) & (length_m < 12_000e3)
    assert in_span.sum() > 100
    miss_m = np.linalg.norm((ours - converged)[in_span, fk.S_IMPACT : fk.S_IMPACT + 3], axis=1)
    print(f"{flown.name}: {in_span.sum()} arcs, at most {miss_m.max():.2f} m off")
    assert miss_m.max() < allowed_m
