from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from equipoise.catalog.yaml_reader import MAX_BYTES, MAX_DEPTH, parse_yaml, read_yaml
from equipoise.errors import FileFormatError

BILLION_LAUGHS = """\
a: &a ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
"""


def test_words_and_numbers_are_read_by_short_rules() -> None:
    text = """\
a: 1
b: -2.5
c: 1e3
d: yes
e: false
f: ~
g: 2016-07-14
h: "1"
i: 010
j: 1_000
k:
l: [x, 2]
m: 12:30
"""
    assert parse_yaml(text, "f") == {
        "a": 1,
        "b": -2.5,
        "c": 1000.0,
        "d": True,
        "e": False,
        "f": None,
        "g": "2016-07-14",  # a date stays text
        "h": "1",
        "i": "010",  # neither eight nor ten
        "j": 1000,
        "k": None,
        "l": ["x", 2],
        "m": "12:30",  # not 750, as YAML 1.1 would have it
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BILLION_LAUGHS, "line 1: aliases and anchors"),
        ("a: *b", "line 1: aliases and anchors|not valid YAML"),
        ("a: !!python/object/apply:os.system [ls]", r"line 1: tags \(!...\) are not allowed"),
        ("a: !mine 1", "tags"),
        ("a: 1\nb: 2\na: 3", 'line 3: "a" is given twice'),
        ("a: .inf", "line 1: .inf is not a finite number"),
        ("a: [1, -.NaN]", "is not a finite number"),
        ("a: 1e999", "1e999. is not a finite number"),
        ("a: " + "9" * 500, "is not a finite number"),
        ("a: 1\n---\nb: 2", "second document"),
        ("? [a, b]\n: c", "a key must be a word"),
        ("a: [1, 2", "line 1|line 2"),
        ("a: b: c", "line 1: not valid YAML"),
        ("\ta: 1", "not valid YAML"),
        ("a: \x00", "not valid YAML"),
        ("", "holds nothing; allowed: a mapping"),
        ("# only a comment", "holds nothing"),
        ("- a\n- b", "holds a list"),
        ("just words", 'holds "just words"'),
        ("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested more than"),
        ("[" * 50_000, "nested more than"),
        ("a: [" + "1," * 100_001 + "]", "holds more than"),
    ],
)
def test_yaml_that_can_hurt_or_mislead_is_refused(text: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message) as caught:
        parse_yaml(text, "study.yaml")
    assert str(caught.value).startswith("study.yaml")
    assert "\n" not in str(caught.value)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    huge, binary, pipe = tmp_path / "huge.yaml", tmp_path / "binary.yaml", tmp_path / "pipe"
    huge.write_bytes(b"a: 1 # " + b"x" * MAX_BYTES)
    binary.write_bytes(bytes(range(256)))
    os.mkfifo(pipe)
    for path, message in (
        (tmp_path, "is a directory"),
        (tmp_path / "none.yaml", "no such file"),
        (huge, "larger than"),
        (binary, "not UTF-8"),
        (pipe, "not a regular file"),
        (tmp_path / "a.yaml" / "b.yaml", "no such file"),
        (Path("x" * 5000), "cannot be read|no such file"),
        (Path("a\0b.yaml"), "cannot be read|no such file"),
    ):
        with pytest.raises(FileFormatError, match=message) as caught:
            read_yaml(path)
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    with pytest.raises(FileFormatError, match="cannot be read"):
        read_yaml(path)


def read_or_refusal(text: str) -> str:
    """Return the message of the refusal, or nothing if the text is a mapping."""
    try:
        assert isinstance(parse_yaml(text, "f"), dict)
    except FileFormatError as error:
        return str(error)
    return ""


@given(st.text(alphabet=st.sampled_from("ab01:-[]{},&*!|>'\"#\n \t?%@`.\\ü\x00\ud800"), max_size=60))
@example("a: 'x\n")
@example("a: \ud800")
def test_any_text_is_a_mapping_or_a_one_line_refusal(text: str) -> None:
    assert "\n" not in read_or_refusal(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_mapping_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    with contextlib.suppress(FileFormatError):
        assert isinstance(read_yaml(path), dict)
