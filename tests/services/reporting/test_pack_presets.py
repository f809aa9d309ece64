"""Packs that are kept on this PC: read back as they were, and never more than this version knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.services.reporting import pack_presets
from liaison.services.reporting.pack_presets import Preset
from liaison.settings import Settings, read_settings, write_settings

FULL = Preset(
    ("visits", "open-loops"), "quality-statements", "letters", staff_initials=True, every_visit=True
)


def test_a_pack_is_read_back_from_the_file_as_it_was_kept(tmp_path: Path) -> None:
    kept = pack_presets.with_preset(Settings(), "  CQC   visit ", FULL)
    kept = pack_presets.with_preset(kept, "audit", Preset(("audit-summary",)))
    write_settings(tmp_path / "settings.json", kept)
    read = read_settings(tmp_path / "settings.json")
    assert list(pack_presets.kept(read).items()) == [
        ("audit", Preset(("audit-summary",))),
        ("CQC visit", FULL),
    ]
    assert pack_presets.named(read, "cqc VISIT") == FULL
    assert list(pack_presets.kept(pack_presets.without_preset(read, "audit"))) == ["CQC visit"]


def test_a_section_this_version_does_not_know_is_left_out() -> None:
    view = {
        "a": ("key-questions", "full", False, False, "no-such", "visits"),
        "b": ("no",),
        "c": (),
    }
    found = pack_presets.kept(Settings().with_view("packs", view))
    assert found == {"a": Preset(("visits",))}


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_pack_without_a_name_or_with_too_long_a_one_is_not_kept(name: str) -> None:
    with pytest.raises(UserError) as refused:
        pack_presets.with_preset(Settings(), name, FULL)
    assert refused.value.code == "no-name"


def test_a_pack_that_is_not_kept_is_refused_with_those_that_are() -> None:
    kept = pack_presets.with_preset(Settings(), "CQC visit", FULL)
    with pytest.raises(UserError) as refused:
        pack_presets.named(kept, "other")
    assert "CQC visit" in refused.value.message
