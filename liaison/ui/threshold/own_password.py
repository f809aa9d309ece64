"""One's own password: in place of a manager's temporary one, or of the one until now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.threshold.new_password import NewPassword, NewPasswordScreen
from liaison.ui.threshold.parts import PasswordEdit
from liaison.ui.widgets import Field, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.jobs import Jobs

_STILL_OPEN: Final = (
    "Backups and copies of the home from before still open with the old one. So does another PC of "
    "the home, until it has exchanged with this one."
)


class OwnPasswordScreen(NewPasswordScreen):
    """Somebody who unlocked with a temporary password chooses one that only they know.

    Args:
        person: Their name.
        home: The home's name, which others would guess in a password.
        jobs: Work off the UI thread; the home is open there.
        choosing: Makes the password theirs.
    """

    chosen = Signal()
    """The password is theirs."""

    def __init__(
        self, person: str, home: str, jobs: Jobs, choosing: Callable[[OpenHome, str], None]
    ) -> None:
        super().__init__(
            "Choose your own password",
            f"{person}, the password you typed is a temporary one, which somebody else knows. "
            "What you write is signed with your name.",
            NewPassword("Use this password", "Back", "Keeping your password"),
        )
        self._jobs, self._choosing = jobs, choosing
        self.choose.set_about([home, person])
        self.form.asked.connect(self._use)

    def _use(self) -> None:
        choosing, password = self._choosing, self.choose.password
        self._jobs.write(
            lambda home: choosing(home, password), self._done, self.form.refuse, owner=self
        )

    def _done(self, _: None) -> None:
        self.form.done()
        self.chosen.emit()


class ChangePasswordDialog(QDialog):
    """Somebody who is signed in chooses another password.

    Args:
        parent: The window.
        person: Their name.
        home: The home's name, which others would guess in a password.
        jobs: Work off the UI thread; the home is open there.
        changing: Changes it: the home, the password until now, the new one.
    """

    changed = Signal()
    """The password is another one now."""

    def __init__(
        self,
        parent: QWidget,
        person: str,
        home: str,
        jobs: Jobs,
        changing: Callable[[OpenHome, str, str], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change your password")
        self.setAccessibleName("Change your password")
        self.setModal(True)
        self.finished.connect(self.deleteLater)
        self._jobs, self._changing = jobs, changing
        self.old = PasswordEdit()
        self._old_field = Field("Your password until now", self.old)
        self._old_field.setFocusProxy(self.old)
        self.form = NewPassword(
            "Change password", "Keep the old one", "Changing your password", self._old_field
        )
        self.choose = self.form.choose
        self.choose.set_about([home, person])
        column = spaced(QVBoxLayout(self), 12, (24, 20, 24, 20))
        column.addWidget(Wrap("Change your password", "question", widest=520))
        column.addWidget(Wrap(_STILL_OPEN, "muted", widest=520))
        column.addWidget(self.form)
        self.setMinimumWidth(theme.px(560))
        self.old.textChanged.connect(self._old_typed)
        self.old.returnPressed.connect(self.choose.first.setFocus)
        self.form.asked.connect(self._change)
        self.form.left.connect(self.reject)
        self._old_typed()
        self.form.begin()

    def reject(self) -> None:
        """Close, unless the password is being changed at this moment."""
        if self.form.busy:
            return
        self.old.clear()
        self.choose.clear()
        super().reject()

    def _old_typed(self) -> None:
        self._old_field.set_error(None)
        self.form.need("" if self.old.text() else "Type your password until now first")

    def _change(self) -> None:
        changing, old, new = self._changing, self.old.text(), self.choose.password
        self._jobs.write(
            lambda home: changing(home, old, new), self._done, self._refused, owner=self
        )

    def _done(self, _: None) -> None:
        self.old.clear()
        self.form.done()
        self.changed.emit()
        self.accept()

    def _refused(self, error: UserError) -> None:
        if error.code != "wrong-password":
            self.form.refuse(error)
            return
        self.form.rest()
        self._old_field.set_error(error.what)
        self.old.selectAll()
        self.old.setFocus(Qt.FocusReason.OtherFocusReason)
