"""An image of a PC was put back without its shelf, which holds more than the log: it comes in again."""

from __future__ import annotations

import shutil

from liaison.records.home import Resident
from liaison.sync.shelf import FOLDER_NAME
from tests.sync.conftest import Ring, agree
from tests.sync.places import lying
from tests.sync.scenes import residents


def test_what_lies_on_the_shelf_beyond_the_log_comes_in_again(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    image = pair.image(office)
    office.add(Resident(name="of the office"))
    station.add(Resident(name="of the station"))
    pair.settle(1)
    office.round()
    assert residents(office) == {"of the office", "of the station"}
    shutil.rmtree(image / FOLDER_NAME)
    shutil.copytree(office.folder / FOLDER_NAME, image / FOLDER_NAME)
    # nobody else has said yet how far the office had come
    for sign in lying(pair.place, ".hb"):
        sign.unlink()
    office = pair.restore(office, image)
    assert residents(office) == set()
    office.add(Resident(name="on the image"))
    result = office.round()
    assert (result.new_life, result.written_again, result.waiting) == (True, 1, [])
    assert residents(office) == {"of the office", "of the station", "on the image"}
    pair.settle()
    assert residents(office) == {"of the office", "of the station", "on the image"}
    assert residents(station) == residents(office)
    agree(pair)
