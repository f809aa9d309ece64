"""Makes the font files in ``resources/fonts`` from packages under open licences.

``python packaging/fonts.py`` fetches the packages named below, checks the fonts in them against
their hashes, cuts what Liaison needs out of them and writes it. The result is committed, so only
somebody who wants another cut or a newer font runs this; it needs fontTools and npm.

Screen cuts keep the features a stylesheet can ask for. Paper cuts have what the PDF library can
use: it applies no features to plain text, so tabular digits are swapped into the character map.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

ROOT: Final = Path(__file__).resolve().parents[1]
FONTS: Final = ROOT / "resources" / "fonts"


@dataclass(frozen=True)
class Source:
    """A package that carries a font.

    Args:
        package: Its name and version, as its registry's client takes it.
        font: The font file inside it.
        sha256: What that file must be.
        licence: Its licence inside it.
        keep_as: What the licence is called beside our cuts.
    """

    package: str
    font: str
    sha256: str
    licence: str
    keep_as: str


INTER: Final = Source(
    "fontpkg-inter==4.1.post1",
    "fontpkg_inter/files/Inter[opsz,wght].ttf",
    "29160a80ff49ddcab2c97711247e08b1fab27a484a329ce8b813d820dc559031",
    "fontpkg_inter/LICENSE",
    "Inter-LICENCE.txt",
)
ARABIC: Final = Source(
    "fontpkg-noto-sans-arabic==2.12",
    "fontpkg_noto_sans_arabic/files/NotoSansArabic[wdth,wght].ttf",
    "63111b5b2e074dd48cc67692e0a2726d86ee94c1c37fe8598257b7b4e87e869e",
    "fontpkg_noto_sans_arabic/LICENSE",
    "NotoSansArabic-LICENCE.txt",
)
EMOJI: Final = Source(
    "@fontsource/noto-emoji@5.3.2",
    "package/files/noto-emoji-emoji-400-normal.woff",
    "61c7949ebb9d401f397826415e64525f60298bf2a9c469f9720aa17817877331",
    "package/LICENSE",
    "NotoEmoji-LICENCE.txt",
)

WEIGHTS: Final = {400: "Regular", 600: "SemiBold", 700: "Bold"}
TITLES: Final = ("SemiBold", "Bold")
EMOJI_UNITS: Final = 512

# Latin with what Welsh, Polish and Vietnamese need, Greek, Cyrillic, and the signs people type.
LETTERS: Final = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x300, 0x33F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20C0), (0x2100, 0x215F),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF), (0xFB00, 0xFB04), (0xFFFD, 0xFFFD),
)  # fmt: skip
ARABIC_LETTERS: Final = (
    (0x20, 0x20), (0x2E, 0x2E), (0x3A, 0x3A), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF),
    (0x200C, 0x200F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC),
)  # fmt: skip
# Digits, # and * are in an emoji font only as parts of keycaps; the text font has them.
EMOJI_SIGNS: Final = ((0x203C, 0x203C), (0x2049, 0x2049), (0x2300, 0x2BFF), (0x3030, 0x3030),
                      (0x1F000, 0x1FAFF))  # fmt: skip

SCREEN_FEATURES: Final = ("calt", "case", "ccmp", "kern", "locl", "mark", "mkmk", "ss02", "tnum",
                          "zero")  # fmt: skip
PAPER_FEATURES: Final = ("ccmp", "mark", "mkmk")
ARABIC_FEATURES: Final = ("ccmp", "fina", "init", "isol", "kern", "liga", "locl", "mark", "medi",
                          "mkmk", "rlig")  # fmt: skip


def main() -> None:
    """Make every font file anew."""
    with tempfile.TemporaryDirectory() as folder:
        sources = {source: fetch(source, Path(folder)) for source in (INTER, ARABIC, EMOJI)}
        if FONTS.exists():
            shutil.rmtree(FONTS)
        for part in ("screen", "paper"):
            (FONTS / part).mkdir(parents=True)
        for source, (_, licence) in sources.items():
            (FONTS / source.keep_as).write_bytes(licence)
        make_inter(sources[INTER][0])
        make_arabic(sources[ARABIC][0])
        make_emoji(sources[EMOJI][0])
    for path in sorted(FONTS.rglob("*.ttf")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} KiB")


def fetch(source: Source, folder: Path) -> tuple[Path, bytes]:
    """Fetch a package and return its font as a file, and its licence.

    Raises:
        SystemExit: The font in it is not the one we know.
    """
    into = folder / source.keep_as
    into.mkdir()
    if source.package.startswith("@"):
        run(["npm", "pack", "--silent", source.package], into)
        with tarfile.open(next(into.glob("*.tgz"))) as packed:
            font, licence = (_member(packed, name) for name in (source.font, source.licence))
    else:
        run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", source.package], into)
        with zipfile.ZipFile(next(into.glob("*.whl"))) as wheel:
            font, licence = (wheel.read(name) for name in (source.font, source.licence))
    if (found := hashlib.sha256(font).hexdigest()) != source.sha256:
        raise SystemExit(f"{source.package} has another {source.font}: {found}")
    path = into / Path(source.font).name
    path.write_bytes(font)
    return path, licence


def _member(packed: tarfile.TarFile, name: str) -> bytes:
    file = packed.extractfile(name)
    if file is None:
        raise SystemExit(f"{name} is no file")
    return file.read()


def run(command: list[str], folder: Path) -> None:
    """Run a command in a folder and stop if it fails."""
    subprocess.run(command, cwd=folder, check=True)


def make_inter(path: Path) -> None:
    """Cut the text font: three weights for the screen, three in two cuts for paper."""
    for weight, style in WEIGHTS.items():
        cut(
            _still(path, opsz=14, wght=weight),
            FONTS / "screen" / f"Inter-{style}.ttf",
            ("Inter", style),
            LETTERS,
            SCREEN_FEATURES,
        )
        font = _still(path, opsz=14, wght=weight)
        swap_in_tabular_digits(font)
        target = FONTS / "paper" / f"InterTab-{style}.ttf"
        cut(font, target, ("InterTab", style), LETTERS, PAPER_FEATURES)
        if style in TITLES:
            font = _still(path, opsz=14, wght=weight)
            target = FONTS / "paper" / f"InterFig-{style}.ttf"
            cut(font, target, ("InterFig", style), LETTERS, ())


def make_arabic(path: Path) -> None:
    """Cut the fallback for Arabic, Persian and Urdu, with the tables that join its letters."""
    font = _still(path, wdth=100, wght=400)
    target = FONTS / "paper" / "NotoSansArabic-Regular.ttf"
    cut(font, target, ("Noto Sans Arabic", "Regular"), ARABIC_LETTERS, ARABIC_FEATURES)


def make_emoji(path: Path) -> None:
    """Cut the fallback for emoji: one outline for each sign, no sequences."""
    font = TTFont(path)
    font.flavor = None
    # a finer grid is not seen at the size of text, and doubles the file
    scale_upem(font, EMOJI_UNITS)
    target = FONTS / "paper" / "NotoEmoji-Regular.ttf"
    cut(font, target, ("Noto Emoji", "Regular"), EMOJI_SIGNS, ())


def _still(path: Path, **place: float) -> TTFont:
    """Return a variable font at one place of its axes, its outlines joined into plain ones."""
    return instancer.instantiateVariableFont(
        TTFont(path), place, overlap=instancer.OverlapMode.KEEP_AND_SET_FLAGS
    )


def swap_in_tabular_digits(font: TTFont) -> None:
    """Let the ten digits mean the ones of equal width."""
    swaps = _single_swaps(font, "tnum")
    for table in font["cmap"].tables:
        if table.isUnicode():
            for code in range(ord("0"), ord("9") + 1):
                # two tables may be one: what is swapped already stays
                table.cmap[code] = swaps.get(table.cmap[code], table.cmap[code])


def _single_swaps(font: TTFont, feature: str) -> dict[str, str]:
    table = font["GSUB"].table
    swaps: dict[str, str] = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == feature:
            for number in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[number].SubTable:
                    swaps |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
    return swaps


def cut(
    font: TTFont,
    target: Path,
    name: tuple[str, str],
    letters: tuple[tuple[int, int], ...],
    features: tuple[str, ...],
) -> None:
    """Reduce a font to some letters and features, name it, and write it the same every time."""
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["STAT", "HVAR", "MVAR", "vhea", "vmtx"]
    if not features:
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in letters for c in range(first, last + 1)])
    subsetter.subset(font)
    _rename(font, *name)
    # the moment of making would make every run another file
    font.recalcTimestamp = False
    font["head"].modified = font["head"].created
    font.save(target)


def _rename(font: TTFont, family: str, style: str) -> None:
    weight = {word: number for number, word in WEIGHTS.items()}[style]
    bold = style == "Bold"
    # a weight between regular and bold is a family of its own to old programs
    plain = family if style in {"Regular", "Bold"} else f"{family} {style}"
    names: dict[int, str] = {
        1: plain,
        2: style if plain == family else "Regular",
        3: f"Liaison {family} {style}",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
    }
    if plain != family:
        names |= {16: family, 17: style}
    table: Any = font["name"]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = 1 if bold else 0


if __name__ == "__main__":
    main()
