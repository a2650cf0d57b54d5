"""WCAG 1.4.3: every pair of text and ground the stylesheet uses has at least 4.5 : 1, light and high-contrast."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[3] / "src/giaoban/ui/static/ui/giaoban.css").read_text()


def tokens(selector: str) -> dict[str, str]:
    block = re.search(rf"(?m)^{re.escape(selector)} {{(.*?)}}", SHEET, re.S)
    assert block, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{3,6})", block[1]))


LIGHT = tokens(":root")
HIGH = LIGHT | tokens(".high-contrast")

PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "ground", "soft")],
    *[(tone, ground) for tone in ("main", "good", "warn", "bad") for ground in ("paper", "ground")],
    *[(tone, f"{tone}-soft") for tone in ("main", "good", "warn", "bad")],
    ("ink", "main-soft"), ("ink", "good-soft"), ("ink", "warn-soft"), ("ink", "bad-soft"), ("ink-2", "main-soft"),
    ("on-main", "main"), ("on-main", "main-deep"), ("mark", "main-deep"),
]  # fmt: skip
LITERAL = [
    ("#dfe8f5", LIGHT["main-deep"]),
    ("#b9c9e0", LIGHT["main-deep"]),
    ("#4d3800", "#fff3d1"),
    ("#3a2c00", LIGHT["mark"]),
]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_light(ink: str, ground: str) -> None:
    assert ratio(LIGHT[ink], LIGHT[ground]) >= 4.5


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_high_contrast(ink: str, ground: str) -> None:
    assert ratio(HIGH[ink], HIGH[ground]) >= (7 if ink.startswith("ink") else 4.5)


@pytest.mark.parametrize(("ink", "ground"), LITERAL)
def test_colours_outside_the_tokens(ink: str, ground: str) -> None:
    assert ratio(ink, ground) >= 4.5


def test_black_and_white_have_the_ratio_the_standard_says() -> None:
    assert ratio("#000", "#fff") == pytest.approx(21)
