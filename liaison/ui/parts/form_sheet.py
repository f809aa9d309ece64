"""The fields of a record form under their headings; what is rare is folded away until asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from liaison.ui.parts import plan
from liaison.ui.parts.fields import FieldGrid
from liaison.ui.widgets import Button, Card

if TYPE_CHECKING:
    from liaison.records import FieldSpec, RecordSpec
    from liaison.ui.parts.fields import Fields
    from liaison.ui.parts.plan import Section
    from liaison.ui.widgets import ScrollPage


class Folds(QObject):
    """Lays the fields of a record out, and unfolds what is folded away.

    Args:
        spec: The record type.
        fields: Its fields.
        page: Where they are put, at the end.
        sections: Under which headings; those of the declaration if not given.
    """

    def __init__(
        self,
        spec: RecordSpec,
        fields: Fields,
        page: ScrollPage,
        sections: Sequence[Section] = (),
    ) -> None:
        super().__init__(page)
        self._fields = fields
        self._rare: list[tuple[Button, FieldGrid, Section]] = []
        sections = sections or plan.sections(spec, spec.by_name.keys() - fields.boxes.keys())
        for section in sections:
            card = Card(section.title if len(sections) > 1 else "")
            grid = FieldGrid()
            for field in (*section.fields, *section.rare):
                box = fields.boxes[field.name]
                grid.add(box)
                if field in section.rare:
                    box.hide()
            card.add(grid)
            if section.rare:
                card.add(self._more(section, grid))
            page.body.addWidget(card)
            grid.arrange(anew=True)
            # else Qt shows it later, and nothing on it could take the focus yet
            card.show()
        page.body.addStretch(1)

    def _more(self, section: Section, grid: FieldGrid) -> Button:
        button = Button(_more_words(section.rare), "plus", Button.QUIET, small=True)
        button.clicked.connect(lambda: self._unfold(button, grid, section, focus=True))
        self._rare.append((button, grid, section))
        return button

    def _unfold(self, button: Button, grid: FieldGrid, section: Section, *, focus: bool) -> None:
        for field in section.rare:
            self._fields.boxes[field.name].show()
        button.hide()
        grid.arrange(anew=True)
        if focus:
            control = self._fields.editor(section.rare[0].name).control
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_filled(self) -> None:
        """Unfold what holds something: nothing recorded is ever out of sight."""
        self._unfold_if(lambda name: not self._fields.editor(name).is_empty())

    def show_wrong(self) -> None:
        """Unfold what something is wrong with."""
        self._unfold_if(lambda name: bool(self._fields.boxes[name].error))

    def show_all(self) -> None:
        """Unfold everything."""
        self._unfold_if(lambda _: True)

    def _unfold_if(self, wanted: Callable[[str], bool]) -> None:
        for button, grid, section in self._rare:
            if any(wanted(field.name) for field in section.rare):
                self._unfold(button, grid, section, focus=False)

    def focus_first(self) -> None:
        """Put the cursor into the first field that is still empty."""
        for box in self._fields.boxes.values():
            if not box.isHidden() and box.editor.is_empty():
                box.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
                return


def needed(spec: RecordSpec) -> str:
    """Return which fields must be filled in, in a sentence."""
    labels = [field.label for field in plan.asked(spec) if field.required]
    return f"Needed: {', '.join(map(inside, labels))}." if labels else "Nothing is required."


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence; an abbreviation stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _more_words(rare: Iterable[FieldSpec]) -> str:
    first, *others = [field.label for field in rare]
    return ", ".join([first, *map(inside, others)])
