"""Work off the window's thread: who does it, who hears of it, and that nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import Service, VocabularyItem
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store.store import Store
from liaison.ui.child import ChildFault
from liaison.ui.jobs import Job, Jobs, Progress
from tests import homes as made
from tests.ui import child_work


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern") / "home"
    made.make(folder)[0].close()
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    return made.copy(pattern, tmp_path / "home")


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    at_work = Jobs()
    yield at_work
    at_work.close()


@pytest.fixture
def open_jobs(jobs: Jobs, folder: Path) -> Jobs:
    jobs.attach(made.unlock(folder))
    return jobs


class Heard:
    """Remembers what it was told, and on which thread."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.threads: list[int] = []

    def __call__(self, answer: object = None) -> None:
        self.answers.append(answer)
        self.threads.append(threading.get_ident())


def thread(_: object = None) -> int:
    return threading.get_ident()


def add_service(name: str) -> Callable[[OpenHome], int]:
    return lambda home: editing.add(home, Service(name=name))[0]


def count_services(store: Store) -> int:
    (count,) = store.connection.execute("SELECT count(*) FROM service").fetchone()
    return int(count)


class Gate:
    """Work that waits until it is let through."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self, _: object = None) -> str:
        self.begun.set()
        assert self.open.wait(60)
        return "through"


# ---- threads


def test_a_write_a_read_and_other_work_are_done_on_threads_of_their_own(
    open_jobs: Jobs, qtbot: QtBot
) -> None:
    heard = Heard()
    open_jobs.write(thread, heard)
    open_jobs.write(thread, heard)
    open_jobs.read(thread, heard)
    open_jobs.run(thread, heard)
    qtbot.waitUntil(lambda: len(heard.answers) == 4)
    here = threading.get_ident()
    assert set(heard.threads) == {here}
    assert here not in heard.answers
    assert len(set(heard.answers)) == 3


def test_an_errand_that_hangs_holds_up_its_own_lane_only(jobs: Jobs, qtbot: QtBot) -> None:
    gate, heard, behind = Gate(), Heard(), Heard()
    jobs.errand(gate, Heard(), lane="rounds")
    assert gate.begun.wait(60)
    jobs.errand(thread, behind, lane="rounds")
    jobs.errand(thread, heard)
    qtbot.waitUntil(lambda: len(heard.answers) == 1)
    assert behind.answers == []
    gate.open.set()
    qtbot.waitUntil(lambda: len(behind.answers) == 1)
    assert behind.answers != heard.answers
    jobs.close()
    assert not jobs.hangs


def test_a_read_sees_what_was_written_before_it_was_asked_for(
    open_jobs: Jobs, qtbot: QtBot
) -> None:
    heard = Heard()
    open_jobs.write(add_service("Podiatry"), lambda _: open_jobs.read(count_services, heard))
    qtbot.waitUntil(lambda: heard.answers == [1])


def test_the_reader_cannot_write(open_jobs: Jobs, qtbot: QtBot) -> None:
    def write(store: Store) -> None:
        with store.unit(1):
            pass

    with qtbot.waitSignal(open_jobs.trouble) as signal:
        open_jobs.read(write, Heard())
    assert signal.args is not None
    assert "reading only" in str(signal.args[0])


# ---- what changed


def test_a_write_tells_which_types_it_touched_after_its_own_answer(
    open_jobs: Jobs, qtbot: QtBot
) -> None:
    order: list[object] = []
    open_jobs.changed.connect(order.append)
    open_jobs.write(add_service("Podiatry"), lambda _: order.append("answered"))
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["answered", frozenset({"service"})]


def test_a_write_that_changed_nothing_tells_of_nothing(open_jobs: Jobs, qtbot: QtBot) -> None:
    changed = Heard()
    open_jobs.changed.connect(changed)
    heard = Heard()
    open_jobs.write(lambda home: count_services(home.store), heard)
    qtbot.waitUntil(lambda: bool(heard.answers))
    assert changed.answers == []


def test_what_a_failed_write_had_written_before_is_told_too(open_jobs: Jobs, qtbot: QtBot) -> None:
    def half(home: OpenHome) -> None:
        editing.add(home, Service(name="Podiatry"))
        raise UserError("The disk is full.")

    with qtbot.waitSignals([open_jobs.changed, open_jobs.trouble]):
        open_jobs.write(half)


def test_the_reader_learns_of_a_word_that_a_manager_has_added(
    open_jobs: Jobs, qtbot: QtBot
) -> None:
    def read(store: Store) -> bool:
        return store.vocabularies.has(name, "wobbly")

    heard = Heard()
    name = "organisation_kind"
    item = VocabularyItem(vocabulary=name, value="wobbly", label="Wobbly")
    open_jobs.read(read, heard)
    qtbot.waitUntil(lambda: heard.answers == [False])
    with qtbot.waitSignal(open_jobs.changed):
        open_jobs.write(lambda home: editing.add(home, item))
    open_jobs.read(read, heard)
    qtbot.waitUntil(lambda: heard.answers == [False, True])


def test_busy_lasts_as_long_as_any_write(open_jobs: Jobs, qtbot: QtBot) -> None:
    heard, gate = Heard(), Gate()
    open_jobs.busy.connect(heard)
    open_jobs.write(gate)
    open_jobs.write(thread)
    assert heard.answers == [True]
    gate.open.set()
    qtbot.waitUntil(lambda: heard.answers == [True, False])


# ---- who hears of it


def test_a_newer_read_makes_an_older_one_fall_away(open_jobs: Jobs, qtbot: QtBot) -> None:
    heard, gate = Heard(), Gate()
    open_jobs.read(gate, heard, latest="search")
    qtbot.waitUntil(gate.begun.is_set)
    open_jobs.read(lambda _: "never done", heard, latest="search")
    open_jobs.read(lambda _: "newest", heard, latest="search")
    open_jobs.read(lambda _: "another", heard, latest="list")
    gate.open.set()
    qtbot.waitUntil(lambda: len(heard.answers) == 2)
    assert heard.answers == ["newest", "another"]


class Receiver(QObject):
    """A page that may be gone before its answer comes."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self.heard = heard

    def take(self, answer: object) -> None:
        self.heard(answer)


@pytest.mark.parametrize("how", ["owner", "method"])
def test_an_answer_for_what_was_destroyed_is_dropped(
    open_jobs: Jobs, qtbot: QtBot, how: str
) -> None:
    import shiboken6

    heard, gate, last = Heard(), Gate(), Heard()
    receiver = Receiver(heard)
    if how == "owner":
        open_jobs.read(gate, heard, owner=receiver)
    else:
        open_jobs.read(gate, receiver.take)
    open_jobs.read(thread, last)
    shiboken6.delete(receiver)
    gate.open.set()
    qtbot.waitUntil(lambda: bool(last.answers))
    assert heard.answers == []


def test_a_failed_save_is_told_even_if_its_page_is_gone(open_jobs: Jobs, qtbot: QtBot) -> None:
    import shiboken6

    def fail(_: OpenHome) -> None:
        gate()
        raise UserError("The disk is full.")

    heard, gate = Heard(), Gate()
    receiver = Receiver(heard)
    open_jobs.write(fail, receiver.take, heard, owner=receiver)
    shiboken6.delete(receiver)
    with qtbot.waitSignal(open_jobs.trouble) as signal:
        gate.open.set()
    assert heard.answers == []
    assert signal.args is not None
    assert str(signal.args[0]) == "The disk is full."


def test_what_a_person_can_act_on_goes_to_whoever_asked(open_jobs: Jobs, qtbot: QtBot) -> None:
    def fail(_: object) -> None:
        raise UserError("Wrong.")

    trouble, failed = Heard(), Heard()
    open_jobs.trouble.connect(trouble)
    open_jobs.read(fail, Heard(), failed)
    qtbot.waitUntil(lambda: len(failed.answers) == 1)
    assert trouble.answers == []


def test_a_bug_goes_to_fault_and_never_to_failed(open_jobs: Jobs, qtbot: QtBot) -> None:
    def bug(_: object) -> None:
        raise ZeroDivisionError

    failed = Heard()
    with qtbot.waitSignal(open_jobs.fault) as signal:
        open_jobs.read(bug, Heard(), failed)
    assert signal.args is not None
    assert isinstance(signal.args[0], ZeroDivisionError)
    assert failed.answers == []


def test_nothing_is_read_or_written_without_a_home(jobs: Jobs) -> None:
    with pytest.raises(RuntimeError, match="no home"):
        jobs.read(thread, Heard())
    with pytest.raises(RuntimeError, match="no home"):
        jobs.write(thread)


# ---- progress and cancelling


def test_a_job_tells_how_far_it_is(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[tuple[int, int, str]] = []
    heard, gate = Heard(), Gate()

    def work(progress: Progress) -> None:
        gate()
        for step in range(1, 10_001):
            progress(step, 10_000, "Deriving")

    job = jobs.run(work, heard)
    job.progress.connect(lambda *step: told.append(step))
    gate.open.set()
    qtbot.waitUntil(lambda: bool(heard.answers))
    assert told[-1] == (10_000, 10_000, "Deriving")
    assert len(told) < 200


def test_a_job_tells_how_far_it_is_beyond_what_qt_counts_to(qtbot: QtBot) -> None:
    job, whole = Job(), 5 * 2**31
    with qtbot.waitSignal(job.progress) as told:
        Progress(job)(whole // 2, whole)
    assert told.args == [whole // 2, whole, ""]


def test_a_job_notices_that_it_was_cancelled(jobs: Jobs, qtbot: QtBot) -> None:
    heard, gate = Heard(), Gate()
    ended = threading.Event()

    def work(progress: Progress) -> None:
        gate()
        try:
            progress.check()
        finally:
            ended.set()

    job = jobs.run(work, heard, heard)
    qtbot.waitUntil(gate.begun.is_set)
    job.cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: ended.is_set() and job.ended)
    assert heard.answers == []


# ---- a home comes and goes


def test_unlocking_happens_on_the_thread_that_writes(
    jobs: Jobs, folder: Path, qtbot: QtBot
) -> None:
    threads: list[int] = []
    heard = Heard()

    def unlock(_: Progress) -> OpenHome:
        threads.append(threading.get_ident())
        return made.unlock(folder)

    jobs.open(unlock, lambda _: jobs.write(thread, heard))
    qtbot.waitUntil(lambda: bool(heard.answers))
    assert heard.answers == threads


def test_a_home_whose_unlocking_was_cancelled_is_closed_again(
    jobs: Jobs, folder: Path, qtbot: QtBot
) -> None:
    opened: list[OpenHome] = []
    heard, gate = Heard(), Gate()

    def unlock(_: Progress) -> OpenHome:
        gate()
        opened.append(made.unlock(folder))
        return opened[0]

    job = jobs.open(unlock, heard, heard)
    qtbot.waitUntil(gate.begun.is_set)
    job.cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: job.ended)
    assert heard.answers == []
    assert jobs.home is None
    assert is_closed(opened[0])


def test_a_home_that_opened_just_before_the_cancel_is_closed_too(
    jobs: Jobs, folder: Path, qtbot: QtBot
) -> None:
    opened: list[OpenHome] = []
    ended = threading.Event()

    def unlock(_: Progress) -> OpenHome:
        opened.append(made.unlock(folder))
        ended.set()
        return opened[0]

    job = jobs.open(unlock, Heard())
    # no event is delivered meanwhile: the answer lies in the queue
    assert ended.wait(60)
    jobs._writer.submit(lambda: None).result(10)
    job.cancel()
    qtbot.waitUntil(lambda: job.ended and is_closed(opened[0]))
    assert jobs.home is None


def is_closed(home: OpenHome) -> bool:
    try:
        home.store.connection.execute("SELECT 1")
    except Exception as error:  # noqa: BLE001  # the driver's own class is not for import here
        return "closed database" in str(error)
    return False


def test_locking_waits_for_the_save_and_closes_both_connections(
    open_jobs: Jobs, folder: Path, qtbot: QtBot
) -> None:
    gate, heard = Gate(), Heard()
    home = open_jobs.home
    assert home is not None

    def save(home: OpenHome) -> int:
        gate()
        return add_service("Podiatry")(home)

    open_jobs.write(save)
    open_jobs.detach(heard)
    with pytest.raises(RuntimeError, match="no home"):
        open_jobs.read(thread, heard)
    gate.open.set()
    qtbot.waitUntil(lambda: bool(heard.answers))
    assert is_closed(home)
    # folded in: nothing of the save lies beside the database any more
    assert not (folder / "liaison.db-wal").exists()
    with made.unlock(folder) as again:
        assert count_services(again.store) == 1


def test_the_reader_is_closed_before_the_writer(
    open_jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    close = Store.close

    def told(store: Store) -> None:
        closed.append("reader" if store._signer is None else "writer")
        close(store)

    monkeypatch.setattr(Store, "close", told)
    gate, heard = Gate(), Heard()
    open_jobs.read(gate, Heard())
    qtbot.waitUntil(gate.begun.is_set)
    open_jobs.detach(heard)
    threading.Timer(0.2, gate.open.set).start()
    qtbot.waitUntil(lambda: bool(heard.answers))
    # the write-ahead log can only be folded in by whoever is alone with the file
    assert closed == ["reader", "writer"]


def test_a_window_closed_during_a_save_loses_nothing(folder: Path, qtbot: QtBot) -> None:
    jobs = Jobs()
    jobs.attach(made.unlock(folder))
    heard, gate = Heard(), Gate()

    def save(home: OpenHome) -> int:
        gate()
        return add_service("Podiatry")(home)

    jobs.write(save, heard)
    for name in ("Dietetics", "Continence"):
        jobs.write(add_service(name), heard)
    threading.Timer(0.2, gate.open.set).start()
    jobs.close()
    assert len(heard.answers) == 3
    with made.unlock(folder) as again:
        assert count_services(again.store) == 3
    jobs.close()


def test_settling_hands_out_what_failed(open_jobs: Jobs) -> None:
    def fail(_: OpenHome) -> None:
        raise UserError("The disk is full.")

    failed = Heard()
    open_jobs.write(fail, None, failed)
    open_jobs.settle()
    assert [str(error) for error in failed.answers] == ["The disk is full."]


def test_a_save_that_an_answer_asks_for_is_waited_for_too(open_jobs: Jobs) -> None:
    heard = Heard()
    open_jobs.write(
        add_service("Podiatry"), lambda _: open_jobs.write(add_service("Dietetics"), heard)
    )
    open_jobs.settle()
    assert len(heard.answers) == 1


# ---- documents


def test_documents_are_made_in_another_process_which_stays(jobs: Jobs, qtbot: QtBot) -> None:
    heard = Heard()
    jobs.warm_renderer()
    jobs.render(child_work.process, done=heard)
    jobs.render(child_work.process, done=heard)
    jobs.render(child_work.double, 21, done=heard)
    qtbot.waitUntil(lambda: len(heard.answers) == 3, timeout=20_000)
    first, second, answer = heard.answers
    assert first == second != threading.get_native_id()
    assert answer == 42


def test_the_process_for_documents_knows_no_window_and_no_database(
    jobs: Jobs, qtbot: QtBot
) -> None:
    heard = Heard()
    jobs.render(child_work.modules, done=heard)
    qtbot.waitUntil(lambda: bool(heard.answers), timeout=20_000)
    loaded = set(heard.answers[0])
    assert "liaison.ui.child" in loaded
    assert not loaded & {"PySide6", "sqlcipher3", "liaison.store"}


class Left:
    """Notes on which thread it was let go of."""

    def __init__(self, noted: list[int]) -> None:
        self._noted = noted

    def __del__(self) -> None:
        self._noted.append(threading.get_ident())


def test_what_belongs_to_the_window_is_let_go_of_on_its_thread(jobs: Jobs, qtbot: QtBot) -> None:
    """A widget that a worker is the last to let go of would be destroyed there: Qt ends that hard."""
    noted: list[int] = []

    def begin() -> None:
        left = Left(noted)
        jobs.run(lambda _: id(left), lambda _: None)

    for _ in range(30):
        begin()
    qtbot.waitUntil(lambda: jobs.is_idle and len(noted) == 30)
    assert set(noted) == {threading.get_ident()}


def test_what_failed_is_let_go_of_there_too(
    jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error holds the frames it came through, and they hold what the work was given."""
    noted: list[int] = []
    answered, asked = threading.Event(), Heard()
    told = Future.set_exception

    def slowly(future: Future[Any], error: BaseException | None) -> None:
        told(future, error)
        # as on a busy machine, where a worker is long done with its work before it is done with it
        answered.wait(10)

    def fail(_: Progress) -> None:
        left = Left(noted)
        raise UserError(f"Not possible ({id(left)}).")

    monkeypatch.setattr(Future, "set_exception", slowly)
    jobs.run(fail, Heard(), asked)
    qtbot.waitUntil(lambda: bool(asked.answers) and jobs.is_idle)
    asked.answers.clear()
    assert noted == [threading.get_ident()]
    answered.set()


def test_a_document_that_cannot_be_made_says_why(jobs: Jobs, qtbot: QtBot) -> None:
    failed = Heard()
    jobs.render(child_work.refuse, "No paper.", done=Heard(), failed=failed)
    qtbot.waitUntil(lambda: bool(failed.answers), timeout=20_000)
    error = failed.answers[0]
    assert (error.what, error.kept, error.do) == ("No paper.", "All of it.", "Do it again.")
    assert error.code == "no-paper"


def test_a_bug_in_the_process_for_documents_is_logged_without_what_it_was_about(
    jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    with qtbot.waitSignal(jobs.fault, timeout=20_000) as signal:
        jobs.render(child_work.break_down, done=Heard())
    assert signal.args is not None
    fault = signal.args[0]
    assert isinstance(fault, ChildFault)
    assert "KeyError" in str(fault)
    assert "Margaret" not in str(fault)


def test_a_process_for_documents_that_died_is_told_and_replaced(jobs: Jobs, qtbot: QtBot) -> None:
    failed, heard = Heard(), Heard()
    jobs.render(child_work.die, done=heard, failed=failed)
    jobs.render(child_work.double, 2, done=heard, failed=failed)
    qtbot.waitUntil(lambda: bool(heard.answers), timeout=20_000)
    assert [error.code for error in failed.answers] == ["renderer-stopped"]
    assert heard.answers == [4]


def test_a_document_nobody_wants_any_more_is_stopped_at_once(jobs: Jobs, qtbot: QtBot) -> None:
    heard, failed = Heard(), Heard()
    jobs.render(child_work.double, 1, done=heard)
    qtbot.waitUntil(lambda: heard.answers == [2], timeout=20_000)
    job = jobs.render(child_work.last_long, 3_600.0, done=heard, failed=failed)
    jobs.render(child_work.double, 3, done=heard, failed=failed)
    qtbot.waitUntil(lambda: jobs._renderer_process._job is job)
    job.cancel()
    qtbot.waitUntil(lambda: heard.answers == [2, 6], timeout=20_000)
    assert failed.answers == []


def test_closing_does_not_wait_for_a_document(qtbot: QtBot) -> None:
    jobs = Jobs()
    job = jobs.render(child_work.last_long, 3_600.0, done=Heard())
    qtbot.waitUntil(lambda: jobs._renderer_process._job is job, timeout=20_000)
    jobs.close()
    assert jobs._renderer_process._process is None
