"""WCAG 2.2 AA, computed from the tokens: words 4.5:1, shapes and controls 3:1, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text("utf-8")
GROUNDS = ("page", "card", "sunken", "hover", "accent-weak")
WORDS = [(word, ground) for word in ("ink", "ink-soft", "muted") for ground in GROUNDS]
WORDS += [
    (f"{tone}-text", ground)
    for tone in ("good", "warn", "bad", "accent")
    for ground in ("page", "card", "hover", f"{tone}-weak", "chip")
]
WORDS += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("chip-text", "chip")]
SHAPES = [
    (shape, ground)
    for shape in (
        "accent",
        "good",
        "warn",
        "bad",
        "control-line",
        *(f"chart-{n}" for n in range(1, 8)),
    )
    for ground in ("page", "card")
]
SHAPES += [(tone, "track") for tone in ("accent", "good", "warn", "bad")]


def colours(theme):
    light, dark = TOKENS.split(':root[data-bs-theme="dark"]')
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))
    if theme == "dark":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", dark.split("}")[0]))
    return found


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS, 4.5), (SHAPES, 3.0)], ids=["words", "shapes"])
def test_every_pair_of_tokens_has_enough_contrast(theme, pairs, least):
    found = colours(theme)

    poor = {
        f"{front} on {ground}": round(ratio, 2)
        for front, ground in pairs
        if (ratio := contrast(found[front], found[ground])) < least
    }

    assert poor == {}


def test_the_dark_theme_names_every_colour_of_the_light_one():
    light, dark = TOKENS.split(':root[data-bs-theme="dark"]')
    names = set(re.findall(r"--([\w-]+):\s*(?:#|rgb)", light))

    missing = names - set(re.findall(r"--([\w-]+):", dark.split("}")[0]))

    assert missing == set()
