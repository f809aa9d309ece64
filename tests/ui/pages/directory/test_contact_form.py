"""A contact with post and organisation on one form: saved as one, kept while it is typed."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import Contact, Organisation, Post
from liaison.services import directory, drafts, editing
from liaison.services.drafts import About
from liaison.store import query
from liaison.ui.desk import Desk
from liaison.ui.pages.directory.contact_form import ContactForm
from liaison.ui.parts.editors.picker import RefPicker
from tests.ui.parts.conftest import Heard, Ids, writing_held


def read(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    answers: list[Any] = []
    desk.jobs.read(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    answers: list[Any] = []
    desk.jobs.write(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def form_of(qtbot: QtBot, desk: Desk, contact: int | None = None) -> ContactForm:
    form = ContactForm(desk, contact)
    qtbot.addWidget(form)
    form.resize(1100, 700)
    with qtbot.waitSignal(form.ready):
        form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    return form


def type_into(qtbot: QtBot, form: ContactForm, part: str, name: str, words: str) -> None:
    fields = {"contact": form.fields, "post": form.post, "organisation": form.place}[part]
    assert fields is not None
    control = fields.editor(name).control
    control = getattr(control, "line", control)
    control.setFocus()
    qtbot.keyClicks(control, words)


def pick(qtbot: QtBot, form: ContactForm, typed: str, offered: str) -> None:
    """Choose an organisation as somebody does: type, then take what is offered."""
    assert form.post is not None
    editor = form.post.editor("organisation")
    assert isinstance(editor, RefPicker)
    editor.control.setFocus()
    qtbot.keyClicks(editor.control, typed)
    finder = editor.finder
    qtbot.waitUntil(lambda: any(offered in offer.words for offer in finder.offers))
    offer = next(offer for offer in finder.offers if offered in offer.words)
    finder._list.taken.emit(offer.value)


def holders(qtbot: QtBot, desk: Desk, contact: int) -> Any:
    return read(qtbot, desk, lambda store: directory.posts_of(store, contact))


def newest(qtbot: QtBot, desk: Desk, type_name: str) -> Any:
    return read(
        qtbot, desk, lambda store: query.page(store, query.Query(type_name), limit=1).records[0]
    )


def test_person_post_and_a_new_place_are_saved_in_one_go_and_taken_back_in_one(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "name", "Linda Tonkin")
    type_into(qtbot, form, "post", "role", "social worker")
    pick(qtbot, form, "Westbrook Council", "Add “Westbrook Council” as a new organisation")
    assert form.place_is_new
    type_into(qtbot, form, "organisation", "kind", "social services")
    with qtbot.waitSignal(form.saved) as saved:
        qtbot.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    contact = saved.args[0].id
    (holder,) = holders(qtbot, desk, contact)
    assert holder.contact.name == "Linda Tonkin"
    assert holder.post.role == "social worker"
    assert holder.organisation.name == "Westbrook Council"
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "Taken back." in heard.said)
    assert holders(qtbot, desk, contact) == []
    place = read(qtbot, desk, lambda s: s.get("organisation", holder.organisation.id))
    assert place.archived


def test_a_place_that_is_there_is_picked_and_none_is_made(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "name", "Karen Pook")
    type_into(qtbot, form, "post", "role", "manager")
    pick(qtbot, form, "meadow", "Meadow Lane Surgery")
    assert not form.place_is_new
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    (holder,) = holders(qtbot, desk, saved.args[0].id)
    assert holder.organisation.id == ids.surgery


def test_whoever_belongs_nowhere_needs_no_post(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "name", "Self Employed")
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    assert holders(qtbot, desk, saved.args[0].id) == []


def test_everything_wrong_is_said_at_once_and_nothing_is_saved(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    pick(qtbot, form, "New Place", "Add “New Place”")
    before = newest(qtbot, desk, "organisation").id
    form.save()
    qtbot.waitUntil(lambda: not form.banner.isHidden())
    assert [box.editor.field.label for box in form._wrong()] == ["Name", "Role", "Kind"]
    assert "3 things to put right" in form.banner.accessibleName()
    assert newest(qtbot, desk, "organisation").id == before
    assert form.save_button.isEnabled()


def test_person_and_post_are_corrected_together(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk, ids.grace)
    assert form.post is not None
    assert form.post.editor("organisation").value() == ids.surgery
    type_into(qtbot, form, "contact", "mobile", "07700 900366")
    form.post.editor("role").put("Community matron")
    with qtbot.waitSignal(form.saved):
        form.save()
    (holder,) = holders(qtbot, desk, ids.grace)
    assert (holder.contact.mobile, holder.post.role) == ("07700 900366", "community matron")
    assert holder.organisation.id == ids.surgery


def test_a_first_post_is_added_to_somebody_who_is_there(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    added: list[int] = []
    desk.jobs.write(lambda home: editing.add(home, Contact(name="Jan"))[0], added.append)
    qtbot.waitUntil(lambda: bool(added))
    form = form_of(qtbot, desk, added[0])
    type_into(qtbot, form, "post", "role", "trainer")
    with qtbot.waitSignal(form.saved):
        form.save()
    (holder,) = holders(qtbot, desk, added[0])
    assert holder.post.role == "trainer"


def test_what_was_typed_comes_back_with_the_place_that_is_not_there_yet(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "name", "Linda")
    type_into(qtbot, form, "post", "role", "social wor")
    pick(qtbot, form, "Westbrook Council", "Add “Westbrook Council”")
    type_into(qtbot, form, "organisation", "phone", "01632 960390")
    with qtbot.waitSignal(form.keeper.kept):
        form.keeper.keep()
    again = form_of(qtbot, desk)
    assert again.fields is not None
    assert again.post is not None
    assert again.place is not None
    assert again.fields.editor("name").typed() == "Linda"
    assert again.post.editor("role").typed() == "social wor"
    assert again.place_is_new
    assert again.place.editor("name").typed() == "Westbrook Council"
    assert again.place.editor("phone").typed() == "01632 960390"
    again.post.editor("role").put("social worker")
    again.place.editor("kind").put("social services")
    with qtbot.waitSignal(again.saved) as saved:
        again.save()
    (holder,) = holders(qtbot, desk, saved.args[0].id)
    assert holder.organisation.name == "Westbrook Council"


def test_another_place_folds_the_new_one_away(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    pick(qtbot, form, "Westbrook", "Add “Westbrook”")
    assert form.place_is_new
    assert form.post is not None
    form.post.editor("organisation").put("")
    pick(qtbot, form, "meadow", "Meadow Lane Surgery")
    assert not form.place_is_new


def test_starting_afresh_empties_all_three_parts(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "post", "role", "GP")
    pick(qtbot, form, "Westbrook", "Add “Westbrook”")
    with qtbot.waitSignal(form.keeper.kept):
        form.keeper.keep()
    form.afresh.click()
    qtbot.waitUntil(lambda: "Started afresh." in heard.said)
    assert form.post is not None
    assert not form.place_is_new
    assert form.post.editor("role").is_empty()
    assert callable(heard.undo)
    with qtbot.waitSignal(form.keeper.kept):
        heard.undo()
    assert form.place_is_new
    assert form.post.editor("role").typed() == "GP"


def test_a_full_disk_leaves_everything_typed(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "name", "Linda")

    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(directory, "add_contact_with_post", full)
        form.save()
        qtbot.waitUntil(lambda: not form.banner.isHidden())
    assert "The disk is full." in form.banner.accessibleName()
    assert form.fields is not None
    assert form.fields.editor("name").typed() == "Linda"
    with qtbot.waitSignal(form.saved):
        form.banner.button.click()


def test_of_several_posts_the_others_are_named(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    done: list[bool] = []

    def add(home: Any) -> None:
        place, _ = editing.add(home, Organisation(name="Clinic", kind="hospital"))
        editing.add(home, Post(contact=ids.grace, role="trainer", organisation=place))

    desk.jobs.write(add, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    form = form_of(qtbot, desk, ids.grace)
    from liaison.ui.widgets import Text

    said = [text.text() for text in form.findChildren(Text)]
    assert "They hold 1 other post too; it stays as it is." in said


def test_what_is_typed_while_all_parts_are_saved_stays_in_the_form(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "name", "Linda Tonkin")
    type_into(qtbot, form, "post", "role", "social worker")
    pick(qtbot, form, "Westbrook Council", "Add “Westbrook Council” as a new organisation")
    type_into(qtbot, form, "organisation", "kind", "social services")
    with writing_held(desk.jobs):
        form.save()
        type_into(qtbot, form, "contact", "phone", "01632 960123")
        type_into(qtbot, form, "post", "since", "3 Mar 2025")
        type_into(qtbot, form, "organisation", "phone", "01632 960777")
    qtbot.waitUntil(lambda: "Linda Tonkin saved." in heard.said)
    assert form.banner.accessibleName().startswith("Saved as it stood")
    contact = newest(qtbot, desk, "contact")
    place = newest(qtbot, desk, "organisation")
    assert (contact.phone, place.phone) == (None, None)
    # the new place is a record of its own now: what was typed of it waits for its own form
    qtbot.waitUntil(lambda: any("about Westbrook Council" in words for words in heard.said))
    assert not form.place_is_new
    qtbot.waitUntil(lambda: not form.keeper.waiting)
    kept = {draft.about: draft.typed for draft in write(qtbot, desk, drafts.mine)}
    assert kept == {
        About("contact", contact.id, "with-post"): {
            "phone": "01632 960123", "post.since": "3 Mar 2025",
        },
        About("organisation", place.id): {"phone": "01632 960777"},
    }  # fmt: skip
    with qtbot.waitSignal(form.saved):
        form.save()
    (holder,) = holders(qtbot, desk, contact.id)
    assert holder.contact.phone == "01632 960123"
    assert holder.organisation.id == place.id
    assert str(newest(qtbot, desk, "post").since) == "2025-03-03"


def test_a_number_with_too_many_digits_is_said_at_its_field_in_every_part(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = form_of(qtbot, desk)
    type_into(qtbot, form, "contact", "phone", "01803 5551234567")
    type_into(qtbot, form, "contact", "name", "Linda Tonkin")
    assert form.fields is not None
    phone = form.fields.boxes["phone"]
    qtbot.waitUntil(lambda: "15 digits" in phone.warning)
    pick(qtbot, form, "Westbrook Council", "Add “Westbrook Council” as a new organisation")
    type_into(qtbot, form, "organisation", "phone", "01803 5551234567")
    type_into(qtbot, form, "organisation", "name", "")
    assert form.place is not None
    its_phone = form.place.boxes["phone"]
    qtbot.waitUntil(lambda: "15 digits" in its_phone.warning)
