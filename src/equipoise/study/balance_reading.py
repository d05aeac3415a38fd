"""From a ``balance`` section to :class:`BalanceSpec`: ids become records, and every complaint names its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from equipoise.catalog.library import Catalog
from equipoise.catalog.records import BatteryRecord, PublishedForce
from equipoise.errors import UnknownIdError
from equipoise.study.balance_file import BalanceElementFile, BalanceFile, BalanceForceFile
from equipoise.study.balance_model import BalanceElement, BalanceForce, BalanceSpec, Yardstick
from equipoise.study.resolving import Resolver


class BalanceResolver(Resolver):
    """Turns the ids of one balance section into records.

    Parameters
    ----------
    name : str
        What messages call the file.
    catalog : Catalog
        The catalogue.
    groups : sequence of str
        Headings of the study's arcs.
    batteries : mapping of str to BatteryRecord
        Batteries of its engage section by id.
    variants : sequence of str
        Ids of the variants of its network.
    """

    def __init__(
        self,
        name: str,
        catalog: Catalog,
        *,
        groups: Sequence[str],
        batteries: Mapping[str, BatteryRecord],
        variants: Sequence[str],
    ) -> None:
        super().__init__(name, catalog)
        self._groups = tuple(dict.fromkeys(groups))
        self._batteries = batteries
        self._variants = variants

    def balance(self, content: BalanceFile) -> BalanceSpec:
        """Return the section with its records."""
        if not self._batteries:
            self._refuse("balance", "given without engage; allowed: a study with a network and an engage section")
        if not self._variants:
            self._refuse("balance", "given without network; allowed: a study with a network and an engage section")
        forces = tuple(self._force(f"balance.forces[{i}]", one) for i, one in enumerate(content.forces))
        self._refuse_repeats("balance.forces", [force.id for force in forces])
        elements = tuple(self._element(f"balance.elements[{i}]", one) for i, one in enumerate(content.elements))
        self._refuse_repeats("balance.elements", [element.id for element in elements])
        self._refuse_repeats("balance.elements", [id for element in elements for id in element.batteries])
        for id, launchers in content.launchers.items():
            self._check_launchers(f"balance.launchers.{id}", id, launchers)
        return BalanceSpec(
            forces=forces,
            elements=elements,
            launchers=dict(content.launchers),
            arsenal_sizes=content.arsenal_sizes,
            alert_rates=content.alert_rates,
            matters=tuple(Yardstick(one.share, " ".join(one.means.split())) for one in content.matters),
            draws=content.draws,
            seed=content.seed,
            sensitivity=content.sensitivity,
        )

    def _named(self, field: str, wanted: str, known: Iterable[str], what: str) -> None:
        names = list(known)
        if wanted not in names:
            raise UnknownIdError(f"{self._name}, {field}: {UnknownIdError.of(what, wanted, names)}")

    def _force(self, field: str, content: BalanceForceFile) -> BalanceForce:
        record = self._found(f"{field}.force", self._catalog.force, content.force)
        for i, group in enumerate(content.groups):
            if group not in self._groups:
                self._refuse(
                    f"{field}.groups[{i}]", f'"{group}" is no heading of arcs; allowed: {", ".join(self._groups)}'
                )
        self._refuse_repeats(f"{field}.groups", content.groups)
        counts: tuple[PublishedForce, ...] = record.published
        if content.published != "all":
            self._refuse_repeats(f"{field}.published", content.published)
            counts = tuple(
                self._found(f"{field}.published[{i}]", record.published_named, name)
                for i, name in enumerate(content.published)
            )
        return BalanceForce(content.id, record, content.groups or self._groups, content.alert, counts)

    def _element(self, field: str, content: BalanceElementFile) -> BalanceElement:
        for i, id in enumerate(content.batteries):
            self._named(f"{field}.batteries[{i}]", id, self._batteries, "battery of engage")
        if content.variant is not None:
            self._named(f"{field}.variant", content.variant, self._variants, "variant")
        return BalanceElement(content.id, content.title, content.batteries, content.variant or "")

    def _check_launchers(self, field: str, id: str, launchers: int) -> None:
        self._named(field, id, self._batteries, "battery of engage")
        most = int(self._batteries[id].launchers.high)
        if launchers > most:
            self._refuse(field, f"got {launchers}; allowed: at most {most}, the most that {self._batteries[id].id} has")
