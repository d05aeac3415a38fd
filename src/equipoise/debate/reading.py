"""From a file of claims to a :class:`Debate`: ids become records, and every complaint names its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from equipoise.catalog.library import load_catalog
from equipoise.catalog.quantity import parse_quantity
from equipoise.catalog.records import Source
from equipoise.catalog.validation import validate
from equipoise.catalog.wording import one_line, shown
from equipoise.catalog.yaml_reader import parse_yaml, read_text
from equipoise.debate.claims import Claim, ClaimTest, Debate, Question, Speaker, Threshold
from equipoise.debate.metrics import METRICS, Metric
from equipoise.errors import EquipoiseError, FileFormatError, UnknownIdError
from equipoise.study import AnyStudy, load_any_study, study_kind
from equipoise.study.claims_file import SIDES, ClaimFile, ClaimTestFile, DebateFile, ThresholdFile

BUNDLED = Path(__file__).parent / "data" / "debate.yaml"
DEBATE = "debate"
T = TypeVar("T")


@cache
def bundled_debate() -> Debate:
    """Return the bundled ledger."""
    name = "debate.yaml"
    return _Reader(name, None).debate(_content(BUNDLED, name))


def load_debate(path: str | Path | None = None) -> Debate:
    """Read a ledger of claims.

    Parameters
    ----------
    path : str or Path, optional
        A YAML file; the bundled ledger if left out. It may name the bundled ledger's speakers, questions and sources.

    Returns
    -------
    Debate
        Every study, metric and setting that its claims name is known; nothing is computed.

    Raises
    ------
    FileFormatError
        If the file is no ledger, or a claim lacks its date or outlet, quotes more than 300 characters, or is neither
        tested nor context; the message names file, field, value and what is allowed.
    UnknownIdError
        If it names a speaker, question, source, study, metric or setting that does not exist.
    """
    if path is None:
        return bundled_debate()
    name = one_line(str(path))
    return _Reader(name, bundled_debate()).debate(_content(Path(path), name))


def is_debate(given: str) -> bool:
    """Return whether what was typed names the bundled ledger or a file whose ``kind`` is ``debate``."""
    if given == DEBATE:
        return True
    path = Path(given)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return False
    try:
        return parse_yaml(read_text(path, given), given).get("kind") == DEBATE
    except EquipoiseError:
        return False


def _content(path: Path, name: str) -> DebateFile:
    data = parse_yaml(read_text(path, name), name)
    if data.get("kind") != DEBATE:
        raise FileFormatError(f"{name}, kind: got {shown(data.get('kind'))}; allowed: {DEBATE}")
    return validate(DebateFile, data, name)


class _Reader:
    """Turns the ids of one file into records."""

    def __init__(self, name: str, base: Debate | None) -> None:
        self._name = name
        self._base = base
        self._studies: dict[str, AnyStudy] = {}

    def debate(self, content: DebateFile) -> Debate:
        base = self._base
        speakers = {one.id: one for one in base.speakers} if base else {}
        own_speakers = [Speaker(one.id, one.name, one.role, one.side) for one in content.speakers]
        self._refuse_repeats("speakers", [one.id for one in own_speakers])
        speakers |= {one.id: one for one in own_speakers}
        questions = {one.id: one for one in base.questions} if base else {}
        own_questions = [
            Question(one.id, one.title, _line(one.asks), one.figures, _line(one.method)) for one in content.questions
        ]
        self._refuse_repeats("questions", [one.id for one in own_questions])
        questions |= {one.id: one for one in own_questions}
        self._refuse_repeats("claims", [one.id for one in content.claims])
        own_sources = {one.id: one for one in content.sources}
        claims = tuple(
            self._claim(f"claims[{i}]", one, speakers, questions, own_sources) for i, one in enumerate(content.claims)
        )
        used = {claim.question for claim in claims}
        return Debate(
            id=content.id,
            title=content.title,
            summary=_line(content.summary),
            speakers=tuple(one for one in speakers.values() if any(one == claim.speaker for claim in claims)),
            questions=tuple(one for one in questions.values() if one.id in used),
            claims=claims,
        )

    def _refuse(self, field: str, problem: str) -> NoReturn:
        raise FileFormatError(f"{self._name}, {field}: {problem}")

    def _refuse_repeats(self, field: str, names: Sequence[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                self._refuse(field, f'"{name}" is given {names.count(name)} times; allowed: once')

    def _of(self, field: str, what: str, id: str, known: Mapping[str, T]) -> T:
        if id not in known:
            raise UnknownIdError(f"{self._name}, {field}: {UnknownIdError.of(what, id, list(known))}")
        return known[id]

    def _claim(
        self,
        field: str,
        content: ClaimFile,
        speakers: Mapping[str, Speaker],
        questions: Mapping[str, Question],
        sources: Mapping[str, Source],
    ) -> Claim:
        where = f"{field} ({content.id})"
        self._of(f"{where}.question", "question", content.question, questions)
        source: Source | None = None
        if content.source is not None:
            source = sources.get(content.source) or self._found(
                f"{where}.source", load_catalog().source, content.source
            )
        tests = tuple(self._test(f"{where}.tests[{i}]", one) for i, one in enumerate(content.tests))
        self._refuse_repeats(f"{where}.tests", [test.id for test in tests])
        return Claim(
            id=content.id,
            speaker=self._of(f"{where}.speaker", "speaker", content.speaker, speakers),
            date=content.date,
            outlet=content.outlet,
            source=source,
            words=_line(content.words),
            whose_words=content.whose_words,
            question=content.question,
            reading=_line(content.reading),
            tests=tests,
            context=_line(content.context or ""),
            cannot_say=_line(content.cannot_say),
        )

    def _found(self, field: str, find: Callable[[str], T], id: str) -> T:
        try:
            return find(id)
        except UnknownIdError as error:
            raise UnknownIdError(f"{self._name}, {field}: {error}") from None

    def _test(self, field: str, content: ClaimTestFile) -> ClaimTest:
        metric = self._of(f"{field}.metric", "metric", content.metric, METRICS)
        study = self._study(f"{field}.study", content.study)
        if study_kind(study) != metric.kind:
            self._refuse(
                f"{field}.study",
                f"got {shown(content.study)}, a {study_kind(study)} study; "
                f"allowed with {metric.name}: a {metric.kind} study",
            )
        self._check_settings(f"{field}.settings", metric, content.settings, study)
        return ClaimTest(
            id=content.id or metric.name,
            study=content.study,
            metric=metric.name,
            settings=dict(content.settings),
            threshold=self._threshold(f"{field}.holds", content.holds, metric),
            reading=_line(content.reading),
        )

    def _study(self, field: str, given: str) -> AnyStudy:
        if given not in self._studies:
            try:
                self._studies[given] = load_any_study(given)
            except EquipoiseError as error:
                raise type(error)(f"{self._name}, {field}: {error}") from None
        return self._studies[given]

    def _check_settings(self, field: str, metric: Metric, settings: Mapping[str, Any], study: AnyStudy) -> None:
        for name in settings:
            if name not in metric.settings:
                known = ", ".join(metric.settings) or "none"
                self._refuse(f"{field}.{name}", f"unknown setting of {metric.name}; allowed: {known}")
        for name, setting in metric.settings.items():
            if name not in settings:
                if setting.needed:
                    self._refuse(f"{field}.{name}", f"missing; {metric.name} needs it: {setting.words}")
                continue
            allowed = setting.allowed(study)
            for value in _each(settings[name]):
                if allowed is not None and value not in allowed:
                    choice = ", ".join(str(one) for one in allowed) or "nothing in this study"
                    self._refuse(f"{field}.{name}", f"got {shown(value)}; allowed: {choice}")
                if allowed is None and (isinstance(value, str) or not setting.low <= float(value) <= setting.high):
                    span = f"a number, {setting.low:g} to {setting.high:g}"
                    self._refuse(f"{field}.{name}", f"got {shown(value)}; allowed: {span}")

    def _threshold(self, field: str, content: ThresholdFile, metric: Metric) -> Threshold:
        given = content.given()
        if len(given) != 1:
            allowed = ", ".join(side.replace(" ", "_") for side in SIDES)
            got = " and ".join(side for side, _ in given) or "none"
            self._refuse(field, f"got {got}; allowed: one of {allowed}")
        ((side, text),) = given
        where = f"{field}.{side.replace(' ', '_')}"
        try:
            # A pure number may stand alone.
            pure = metric.si_unit == "1" and re.fullmatch(r"[+-]?\d[\d.]*", text.strip())
            value = parse_quantity(f"{text} 1" if pure else text, metric.si_unit)
        except ValueError as error:
            self._refuse(where, f"{metric.name} is measured in {metric.unit}: {error}")
        return Threshold(value, side, _line(content.why))


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (tuple, list)) else (value,)


def _line(text: str) -> str:
    return " ".join(text.split())
