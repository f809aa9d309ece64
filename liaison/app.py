"""The window's composition root: what it is made of, and how it begins and ends.

Which screen is up, and what is connected with what, is :mod:`liaison.ui.window`'s.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liaison import settings
from liaison.errors import UserError
from liaison.ui import theme
from liaison.ui.jobs import Jobs
from liaison.ui.remembered import Remembered
from liaison.ui.shell.faults import Faults
from liaison.ui.shell.single import OnlyWindow
from liaison.ui.starting import Start, first_line, has_screen
from liaison.ui.startup import StartupReport
from liaison.ui.window import App

_PASSWORD_VARIABLE: Final = "LIAISON_PASSWORD_FILE"  # noqa: S105  # the name of a variable


def open_window(
    *,
    home: Path | None = None,
    user: str | None = None,
    password_file: Path | None = None,
    startup_report: Path | None = None,
) -> int:
    """Open the window and stay until it is closed.

    Args:
        home: The home's folder; the one that was open last, or the default, unless given.
        user: Who is at the keyboard, by name or id.
        password_file: A file whose first line is their password: unlocks without asking.
        startup_report: Where the moments of the start are written, after which the window closes.

    Returns:
        The exit code: 0 done, 1 a plain error.
    """
    report = StartupReport(startup_report) if startup_report is not None else None
    if report is not None:
        report.mark("imports")
    if not has_screen():
        sys.stderr.write("Liaison's window needs a screen. Its commands do not: liaison --help\n")
        return 1
    named = os.environ.get(_PASSWORD_VARIABLE)
    file = password_file or (Path(named) if named else None)
    try:
        password = first_line(file) if file is not None else None
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    application = QApplication(["Liaison", "-style", "fusion"])
    application.setProperty(theme.FUSION, True)
    application.setApplicationName("Liaison")
    application.setApplicationDisplayName("Liaison")
    application.setDesktopFileName("liaison")
    jobs = Jobs()
    remembered = Remembered(settings.settings_file(), jobs)
    now = remembered.settings
    folder = home or Path(now.last_home or settings.default_home())
    only = OnlyWindow(folder)
    if report is None and not only.claim():
        jobs.close()
        sys.stderr.write("Liaison is open already on this home; its window comes to the front.\n")
        return 0
    theme.install(application, now.theme, now.text_size / 100)
    faults = Faults()
    faults.install()
    start = Start(folder, home is not None, user, password, report)
    app = App(start, jobs, remembered, faults)
    if report is None:
        app.attend(only)
    # queued: it may come before the event loop runs
    app.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    application.commitDataRequest.connect(app.end_session)
    app.show()
    code = application.exec()
    faults.remove()
    try:
        remembered.keep_now()
        if report is not None:
            report.write()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if jobs.hangs:
        # a folder that does not answer: all is kept and closed, and Python would wait for it
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
