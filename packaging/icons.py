"""Make the selection of icons in ``resources/icons`` anew from an unpacked package of Lucide.

    npm pack lucide-static && tar xzf lucide-static-*.tgz
    python packaging/icons.py package

Only what is named here is kept; the files are the originals without their comment and class, so
that a newer release shows as a difference where an icon has really changed.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "resources" / "icons"

NAMES: Final[list[str]] = """
a-large-small ambulance archive archive-restore arrow-down arrow-left arrow-right arrow-up
arrow-up-down award badge-check bell book-open book-user building building-2 calendar
calendar-check calendar-clock calendar-days calendar-plus calendar-x chart-column check
check-check chevron-down chevron-left chevron-right chevron-up chevrons-up-down circle
circle-alert circle-check circle-dashed circle-dot circle-x clipboard-check clipboard-list
clipboard-paste clock clock-alert cloud cloud-check cloud-off columns-3 contact copy
corner-down-right database door-open download droplet ear ellipsis ellipsis-vertical external-link
eye eye-off file file-check file-spreadsheet file-text folder folder-open funnel git-merge globe
graduation-cap handshake hard-drive heart-handshake heart-pulse history hourglass house id-card
info key-round keyboard life-buoy link list list-checks list-filter list-plus loader-circle lock
lock-open log-in log-out mail map-pin menu message-circle message-circle-reply
message-circle-warning message-square minus monitor moon notebook-pen paperclip pen pencil
pencil-line phone phone-call phone-missed phone-off pill play plus printer quote redo-2 refresh-cw
repeat rotate-ccw save search search-x send settings shield shield-check siren sliders-horizontal
star stethoscope sun sun-moon table tag trash-2 triangle-alert undo-2 upload usb user user-check
user-plus user-round users users-round video x zoom-in zoom-out
""".split()  # noqa: SIM905  # a paragraph of names is easier to keep than a column


def main(package: Path) -> None:
    """Copy the icons named above, their licence and their version.

    Args:
        package: The unpacked npm package ``lucide-static``.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.svg"):
        old.unlink()
    missing = []
    for name in NAMES:
        source = package / "icons" / f"{name}.svg"
        if not source.is_file():
            missing.append(name)
            continue
        text = re.sub(r"<!--.*?-->\s*", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r'\n\s*class="[^"]*"', "", text)
        (FOLDER / f"{name}.svg").write_text(text.strip() + "\n", encoding="utf-8", newline="\n")
    shutil.copyfile(package / "LICENSE", FOLDER / "LICENSE")
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    print(f"{len(NAMES) - len(missing)} icons of Lucide {version}")
    if missing:
        sys.exit(f"not in this release: {' '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
