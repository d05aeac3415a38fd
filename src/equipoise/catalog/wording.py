"""How messages show what they found: short, and on one line whatever it holds."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return text with everything that is not printable, and every run of spaces, turned into one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shown(value: object, limit: int = 60) -> str:
    """Return a value as a message shows it: text in quotes, cut at `limit` characters, on one line."""
    text = one_line(f'"{value}"' if isinstance(value, str) else repr(value))
    return text if len(text) <= limit else text[: limit - 3] + "..."
