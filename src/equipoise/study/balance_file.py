"""The shape of a network study's ``balance`` section: forces, what defends, and what is asked of both."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, Tag, model_validator

from equipoise.catalog.records import FileModel, Id, Text, field_error
from equipoise.study.file import branch

Alert = Literal["day-to-day", "raised"]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
CountList = Annotated[
    Annotated[Literal["all"], Tag("<word>")]
    | Annotated[tuple[Id, ...], Field(min_length=1, max_length=20), Tag("<list>")],
    branch("<word>", "<list>"),
]


class BalanceForceFile(FileModel):
    """A force of the catalogue, and the headings of arcs on which its warheads come."""

    id: Id
    force: Id
    groups: tuple[Text, ...] = Field(
        default=(), max_length=50, description="headings of arcs it stands for, each arc alike; all if left out"
    )
    alert: Alert = Field(default="raised", description="which of the record's shares can be fired")
    published: CountList = Field(default="all", description="the record's counts to draw from, the central one first")


class BalanceElementFile(FileModel):
    """What the balance is worked out with and without: batteries, a sensor, or both."""

    id: Id
    title: Text
    batteries: tuple[Id, ...] = Field(default=(), max_length=10, description="ids of the engage section")
    variant: Id | None = Field(default=None, description="the variant of the network that stands for its absence")

    @model_validator(mode="after")
    def _check_content(self) -> Self:
        if not self.batteries and self.variant is None:
            raise field_error("batteries", "missing; an element has batteries, a variant of the network, or both")
        return self


class YardstickFile(FileModel):
    """A share of the arriving warheads from which on the study says that the defence matters, and what that means."""

    share: Annotated[float, Field(gt=0.0, le=1.0)]
    means: Text


class BalanceFile(FileModel):
    """Forces against elements of a defence, in numbers of warheads."""

    forces: tuple[BalanceForceFile, ...] = Field(min_length=1, max_length=4)
    elements: tuple[BalanceElementFile, ...] = Field(min_length=1, max_length=6)
    launchers: dict[Id, Annotated[int, Field(ge=1, le=10_000, strict=True)]] = Field(
        default={}, description="launchers of a battery of the engage section, where it is not its record's number"
    )
    arsenal_sizes: tuple[Annotated[int, Field(ge=1, le=100_000, strict=True)], ...] = Field(min_length=2, max_length=40)
    alert_rates: tuple[Annotated[float, Field(gt=0.0, le=1.0)], ...] = Field(min_length=1, max_length=6)
    matters: tuple[YardstickFile, ...] = Field(min_length=1, max_length=4)
    draws: int = Field(default=400, ge=10, le=20_000, strict=True)
    seed: int = Field(default=1, ge=0, le=2**63 - 1, strict=True)
    sensitivity: int = Field(
        default=64, ge=0, le=2**14, strict=True, description="base points of the Sobol indices; 0 for none"
    )

    @model_validator(mode="after")
    def _check_orders(self) -> Self:
        for name in ("arsenal_sizes", "alert_rates"):
            values = getattr(self, name)
            if any(b <= a for a, b in pairwise(values)):
                raise field_error(name, f"must increase; got {', '.join(f'{value:g}' for value in values)}")
        return self
