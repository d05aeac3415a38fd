"""A missile as flight needs it: arrays in SI, built from a catalogue record."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.catalog.records import GravityTurn, MissileRecord, PitchProgram
from equipoise.errors import InputError
from equipoise.physics import flight_kernels as fk
from equipoise.physics.atmosphere_kernels import GRAVITY_MPS2, SEA_LEVEL_PRESSURE_PA


@dataclass(frozen=True)
class Stage:
    """One stage.

    Parameters
    ----------
    propellant_kg, inert_kg : float
        What burns and what is thrown away. [kg]
    isp_sea_level_s, isp_vacuum_s : float
        Specific impulse. [s]
    burn_time_s : float
        Time to burn the propellant at a constant rate. [s]
    diameter_m : float
        Diameter that drag acts on. [m]
    coast_after_s : float
        Time from burnout to the next ignition. [s]
    """

    propellant_kg: float
    inert_kg: float
    isp_sea_level_s: float
    isp_vacuum_s: float
    burn_time_s: float
    diameter_m: float
    coast_after_s: float = 0.0

    def row(self) -> list[float]:
        """Return the stage as the kernels take it."""
        flow = self.propellant_kg / self.burn_time_s
        weight_flow = flow * GRAVITY_MPS2
        return [
            self.propellant_kg,
            self.inert_kg,
            flow,
            weight_flow * self.isp_vacuum_s,
            weight_flow * (self.isp_vacuum_s - self.isp_sea_level_s) / SEA_LEVEL_PRESSURE_PA,
            self.burn_time_s,
            math.pi / 4.0 * self.diameter_m**2,
            self.coast_after_s,
        ]


@dataclass(frozen=True)
class Missile:
    """What flies: stages, payload, steering and drag. Frozen; the arrays for the kernels are made once.

    Parameters
    ----------
    name : str
        For messages.
    stages : tuple of Stage
        First to last; the payload belongs to none.
    payload_kg : float
        What the last stage carries. [kg]
    drag : tuple of (Mach, coefficient)
        Of the body; at most 12 knots, straight lines between them.
    ballistic_coefficient_kg_m2 : float or None
        Of the separated body; None: nothing separates, and what is left flies on as one. [kg/m2]
    gravity_turn : bool
        True: the velocity is turned once and thrust follows it. False: thrust elevation falls from 90 degrees to an
        angle at ``pitch_rate_rad_s`` and is held.
    vertical_time_s : float
        Vertical rise before either. [s]
    pitch_rate_rad_s : float
        Of the pitch program. [rad/s]
    air : bool
        False flies it through a vacuum, also for the nozzle.
    """

    name: str
    stages: tuple[Stage, ...]
    payload_kg: float
    drag: tuple[tuple[float, float], ...]
    ballistic_coefficient_kg_m2: float | None = None
    gravity_turn: bool = False
    vertical_time_s: float = 5.0
    pitch_rate_rad_s: float = math.radians(1.0)
    air: bool = True
    stage_array: FloatArray = field(init=False, repr=False, compare=False)
    vehicle_array: FloatArray = field(init=False, repr=False, compare=False)
    drag_array: FloatArray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.stages:
            raise InputError(f"{self.name}: stages must hold at least one stage; got none")
        if len(self.drag) > fk.DRAG_KNOTS:
            raise InputError(f"{self.name}: drag takes at most {fk.DRAG_KNOTS} Mach numbers; got {len(self.drag)}")
        if self.gravity_turn and self.vertical_time_s <= 0.0:
            raise InputError(f"{self.name}: vertical_time must be above 0 s for a gravity turn; got 0")
        inverse = 0.0 if self.ballistic_coefficient_kg_m2 is None else 1.0 / self.ballistic_coefficient_kg_m2
        vehicle = [
            self.payload_kg,
            inverse,
            self.vertical_time_s,
            self.pitch_rate_rad_s,
            fk.GRAVITY_TURN if self.gravity_turn else fk.PITCH_PROGRAM,
            1.0 if self.air else 0.0,
        ]
        object.__setattr__(self, "stage_array", np.array([stage.row() for stage in self.stages]))
        object.__setattr__(self, "vehicle_array", np.array(vehicle))
        object.__setattr__(self, "drag_array", np.array(self.drag, dtype=float))
        if self.thrust_to_weight <= 1.0:
            weight_n = self.launch_mass_kg * GRAVITY_MPS2
            raise InputError(
                f"{self.name}: thrust at lift-off must exceed the weight of {weight_n / 1e3:.4g} kN; "
                f"got {self.liftoff_thrust_n / 1e3:.4g} kN"
            )

    @property
    def liftoff_thrust_n(self) -> float:
        """Thrust at lift-off [N], the air's pressure taken off."""
        return float(self.stage_array[0, 3] - self.stage_array[0, 4] * (SEA_LEVEL_PRESSURE_PA if self.air else 0.0))

    @property
    def thrust_to_weight(self) -> float:
        """Thrust at lift-off over weight."""
        return self.liftoff_thrust_n / (self.launch_mass_kg * GRAVITY_MPS2)

    @property
    def launch_mass_kg(self) -> float:
        """Mass at lift-off [kg]."""
        return self.payload_kg + sum(stage.propellant_kg + stage.inert_kg for stage in self.stages)

    def greatest_payload_kg(self, thrust_to_weight: float) -> float:
        """Return the payload [kg] at which thrust at lift-off is this many times the weight."""
        dry_kg = self.launch_mass_kg - self.payload_kg
        return self.liftoff_thrust_n / (GRAVITY_MPS2 * thrust_to_weight) - dry_kg

    @property
    def burn_time_s(self) -> float:
        """Time under thrust [s], over all stages."""
        return sum(stage.burn_time_s for stage in self.stages)

    @classmethod
    def from_record(cls, record: MissileRecord) -> Missile:
        """Build the missile of a catalogue record's central values.

        Raises
        ------
        InputError
            If the record is of a class whose flight is not ballistic, with the record's reason.
        """
        drag = record.drag
        if not record.ballistic or record.steering is None or record.payload_kg is None or drag is None:
            raise InputError(f"missile {record.id}: {record.refusal or 'its flight is not ballistic'}")
        steering = record.steering
        rate: dict[str, Any] = {}
        if isinstance(steering, PitchProgram):
            rate = {"pitch_rate_rad_s": steering.pitch_rate_rad_s.value}
        beta = record.ballistic_coefficient_kg_m2
        return cls(
            name=record.id,
            stages=tuple(
                Stage(
                    propellant_kg=stage.propellant_kg.value,
                    inert_kg=stage.inert_kg.value,
                    isp_sea_level_s=stage.isp_sea_level_s.value,
                    isp_vacuum_s=stage.isp_vacuum_s.value,
                    burn_time_s=stage.burn_time_s.value,
                    diameter_m=stage.diameter_m.value,
                    coast_after_s=stage.coast_after_s.value if stage.coast_after_s else 0.0,
                )
                for stage in record.stages
            ),
            payload_kg=record.payload_kg.value,
            ballistic_coefficient_kg_m2=beta.value if record.separates and beta is not None else None,
            gravity_turn=isinstance(steering, GravityTurn),
            vertical_time_s=steering.vertical_time_s.value,
            drag=tuple(zip(drag.mach, drag.cd, strict=True)),
            **rate,
        )

    def in_vacuum(self) -> Missile:
        """Return the same missile without air."""
        return replace(self, air=False)
