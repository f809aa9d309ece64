"""The colours of the window by what they are for, light and dark, and how well they contrast.

Nothing else in the window names a colour. Painted widgets read :func:`liaison.ui.theme.tokens` when
they paint, so that a switch of theme leaves nothing behind.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Tokens(NamedTuple):
    """One theme: each colour as ``#RRGGBB``, named for its use."""

    dark: bool
    bg: str
    """The page."""
    surface: str
    """Cards and fields."""
    raised: str
    """Group headers, nested cards, hovered rows."""
    sunk: str
    """The track of a segmented control, pressed buttons."""
    text: str
    muted: str
    border: str
    """The edge of a card."""
    line: str
    """The rule between rows."""
    btn: str
    """The edge of a secondary button."""
    strong: str
    """The edge of a field."""
    accent: str
    accenthi: str
    onaccent: str
    """Text on the accent."""
    soft: str
    """A selected row, the disc of an icon."""
    softline: str
    focus: str
    side: str
    sidesel: str
    sidetext: str
    sidemuted: str
    sidebar: str
    """The mark beside the page that is open."""
    sideline: str
    ok: str
    okbg: str
    due: str
    duebg: str
    late: str
    latebg: str
    none: str
    nonebg: str
    info: str
    infobg: str
    okbar: str
    duebar: str
    latebar: str
    infobar: str
    track: str
    """What a bar runs in."""
    inverse: str
    """The ground of a toast."""
    oninverse: str
    disabled: str
    """The label of a secondary button that is off; WCAG asks no ratio of it."""
    shadow: str
    avatars: tuple[tuple[str, str], ...]
    """Six tints with the colour of the initials on them; the tint says nothing."""


LIGHT: Final = Tokens(
    dark=False,
    bg="#F3F6F7", surface="#FFFFFF", raised="#F7F9FA", sunk="#EDF1F3",
    text="#15202A", muted="#4C5A67", border="#DAE1E6", line="#E6EBEE",
    btn="#A3AFB9", strong="#76838F",
    accent="#0B6B75", accenthi="#095A63", onaccent="#FFFFFF", soft="#E2F1F2", softline="#A9D3D7",
    focus="#B45309",
    side="#12343B", sidesel="#1F4D55", sidetext="#D6E3E6", sidemuted="#9EB7BC",
    sidebar="#7ADCE5", sideline="#2A4A51",
    ok="#0B5D33", okbg="#DFF3E6", due="#684700", duebg="#FFF0C9",
    late="#8E1B12", latebg="#FCE1DD", none="#4C5A67", nonebg="#EDF1F3",
    info="#174E8C", infobg="#E4EFFB",
    okbar="#3E8E97", duebar="#B0780A", latebar="#C03B2E", infobar="#3E78B8", track="#E3E9EC",
    inverse="#15202A", oninverse="#F3F6F7", disabled="#93A0AA", shadow="#0B1A20",
    avatars=(
        ("#D9EFF1", "#0A5660"), ("#E1EBFA", "#174E8C"), ("#E6E4F7", "#453A8F"),
        ("#F8DFE8", "#86204F"), ("#FBE6D4", "#7C3A0A"), ("#E1EFDC", "#2B5A1C"),
    ),
)  # fmt: skip

DARK: Final = Tokens(
    dark=True,
    bg="#11171B", surface="#1A2228", raised="#202A31", sunk="#151C21",
    text="#E8EEF2", muted="#AAB8C2", border="#303C45", line="#29343C",
    btn="#5B6A76", strong="#80909D",
    accent="#5AC5CF", accenthi="#7AD5DD", onaccent="#05272B", soft="#193A40", softline="#2E666E",
    focus="#FFB454",
    side="#0C1215", sidesel="#1B383E", sidetext="#BDCAD0", sidemuted="#919FA8",
    sidebar="#6FD3DC", sideline="#243036",
    ok="#8BE0AE", okbg="#13382A", due="#FFD37A", duebg="#3D3010",
    late="#FFA99F", latebg="#48211E", none="#AAB8C2", nonebg="#27323A",
    info="#A1CAFF", infobg="#18314E",
    okbar="#4FA3AD", duebar="#D9A43A", latebar="#E0685B", infobar="#6AA3E3", track="#2A353D",
    inverse="#E8EEF2", oninverse="#15202A", disabled="#6B7984", shadow="#000000",
    avatars=(
        ("#16393E", "#8ADCE4"), ("#18314E", "#A1CAFF"), ("#2C2A52", "#C3BCFA"),
        ("#45203A", "#F7AECB"), ("#452B17", "#F6BE93"), ("#20381C", "#AEDB9D"),
    ),
)  # fmt: skip


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        dark_end = 0.04045
        return share / 12.92 if share <= dark_end else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours (``#RRGGBB``): 1 (none) to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
