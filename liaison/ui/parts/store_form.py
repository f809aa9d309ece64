"""The fields for an object store: its address and the key that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.object_storage import ADDRESS, CERTIFICATE, KEY, REGION, InField, Typed
from liaison.ui.parts.path_field import PathField
from liaison.ui.widgets import CheckBox, Columns, Field, LineEdit, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError


class StoreForm(QWidget):
    """Such fields. What was typed as a key is shown to nobody, and forgotten by :meth:`forget`.

    Args:
        locking: Whether to ask if the key may stay in memory while the home is locked.
    """

    changed = Signal()
    """Somebody typed."""
    finished = Signal()
    """Enter was pressed in one of them."""

    def __init__(self, *, locking: bool) -> None:
        super().__init__()
        self.address, self.region = LineEdit(), LineEdit()
        # the first half is a name, and is compared letter by letter with a note of it
        self.key, self.secret = LineEdit(), LineEdit(password=True)
        self.certificate = PathField(
            "Certificate",
            "The store's certificate",
            "Only if you were given a file for it.",
            kinds=["Certificate (*.pem *.crt *.cer)"],
        )
        self.while_locked = CheckBox("Go on sending and fetching while the home is locked")
        self.while_locked.setToolTip("The key then stays in this PC's memory while it is locked.")
        hint = "With its bucket and folder, such as https://store.example.org/bucket/folder"
        self.fields: dict[str, Field] = {
            ADDRESS: Field("Address of the store", self.address, hint, required=True),
            KEY: Field("Access key", self.key, required=True),
            "secret": Field(
                "Secret key", self.secret, "Kept encrypted, and never shown again.", required=True
            ),
            REGION: Field("Region", self.region, "If you were told one."),
            CERTIFICATE: self.certificate,
        }
        rows = spaced(QVBoxLayout(self), 12)
        rows.addWidget(self.fields[ADDRESS])
        # in pairs: with what is said of a test the whole of it is to be seen at once
        for left, right in ((KEY, "secret"), (REGION, CERTIFICATE)):
            rows.addWidget(Columns([(self.fields[left], 1), (self.fields[right], 1)], top=True))
        if locking:
            rows.addWidget(self.while_locked)
        else:
            self.while_locked.setParent(self)
            self.while_locked.hide()
        self._edits = {
            ADDRESS: self.address,
            KEY: self.key,
            "secret": self.secret,
            REGION: self.region,
            CERTIFICATE: self.certificate.edit,
        }
        for edit in self._edits.values():
            edit.textChanged.connect(lambda _: self._typed())
            edit.returnPressed.connect(self.finished)

    @property
    def typed(self) -> Typed:
        """What stands in the fields."""
        return Typed(
            self.address.text(),
            self.key.text(),
            self.secret.text(),
            self.region.text(),
            self.certificate.path,
            while_locked=self.while_locked.isChecked(),
        )

    def begin(self) -> None:
        """Put the cursor into the first field."""
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, error: UserError) -> bool:
        """Say what is wrong beside its field; return whether it belongs to one."""
        if not isinstance(error, InField):
            return False
        self.fields[error.field].set_error(f"{error.what} {error.do or ''}".strip())
        self._edits[error.field].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def forget(self) -> None:
        """Forget the key."""
        self.key.clear()
        self.secret.clear()

    def _typed(self) -> None:
        for field in self.fields.values():
            field.set_error(None)
        self.changed.emit()
