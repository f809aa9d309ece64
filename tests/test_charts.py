"""Charts as shapes: what is drawn says the numbers, and stays inside its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.charts import Bar, Chart, Mark, Node, Rect, Wait, Words, columns, tree, waits

STATES = st.sampled_from(("ok", "due", "late"))


def measure(words: str, points: float, bold: bool) -> float:  # noqa: FBT001  # as charts ask
    return len(words) * points * (0.62 if bold else 0.55)


def said(chart: Chart) -> list[str]:
    return [shape.words for shape in chart.shapes if isinstance(shape, Words)]


def bars(chart: Chart) -> list[Rect]:
    return [s for s in chart.shapes if isinstance(s, Rect) and s.fill.endswith("bar")]


def test_columns_say_each_number_and_what_it_counts() -> None:
    made = columns([Bar("0-7", 4), Bar("over 90", 1_200, "late")], 300, 160, measure)
    assert said(made) == ["4", "0-7", "1,200", "over 90"]
    assert [shape.name for shape in made.shapes if isinstance(shape, Mark)] == ["circle-x"]


def test_a_column_of_none_has_no_bar_and_no_alarm() -> None:
    made = columns([Bar("0-7", 0, "late")], 300, 160, measure)
    assert bars(made) == []
    assert not any(isinstance(shape, Mark) for shape in made.shapes)


def test_columns_are_as_tall_as_they_are_many() -> None:
    made = columns([Bar("a", 2), Bar("b", 4)], 300, 160, measure)
    small, large = (r.height for r in bars(made) if r.radius)
    assert large == pytest.approx(2 * small, abs=1)


def test_a_wait_has_its_tick_where_an_answer_is_usual() -> None:
    (chart,) = (waits([Wait("Wheelchair", 100, 100), Wait("Podiatry", 25)], 400, 180, measure),)
    (tick,) = [s for s in chart.shapes if isinstance(s, Rect) and s.fill == "text"]
    first, second = bars(chart)
    # a wait that is as long as usual ends at the tick; a quarter of it is half as long, by the root
    assert first.x + first.width == pytest.approx(tick.x + tick.width / 2, abs=0.01)
    assert second.width == pytest.approx(first.width / 2, abs=0.01)
    assert said(chart) == ["Wheelchair", "100", "Podiatry", "25"]


def test_a_bar_of_a_share_is_as_high_as_its_share_of_the_whole() -> None:
    (half,) = [r for r in bars(columns([Bar("May", 50)], 300, 160, measure, whole=100)) if r.radius]
    (all_,) = [r for r in bars(columns([Bar("May", 50)], 300, 160, measure)) if r.radius]
    assert 2 * half.height == pytest.approx(all_.height, abs=1)


def test_boxes_of_a_tree_stand_right_of_what_they_follow_from_and_never_on_each_other() -> None:
    leaf = Node("Irena", "2026", ("Ann", "Ben"), state="late")
    made = tree([
        Node("Grace", "2025", ("Dan", "Kofi"), (Node("Dan", "2025", ("Joy",), (leaf, leaf)), leaf)),
        Node("Paul", "2026"),
    ])  # fmt: skip
    boxes = [s for s in made.shapes if isinstance(s, Rect) and s.fill == "border"]
    assert len(boxes) == 6
    assert len({box.x for box in boxes}) == 3
    for number, one in enumerate(boxes):
        assert one.x + one.width <= made.width + 0.01
        assert one.y + one.height <= made.height + 0.01
        for other in boxes[:number]:
            apart = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert one.x != other.x or apart
    # what is in doubt has its icon: a tint alone says nothing to many eyes
    assert len([s for s in made.shapes if isinstance(s, Mark)]) == 3
    assert tree([]) == Chart(0, 0, ())


def test_nothing_to_draw_is_drawn_without_fault() -> None:
    assert bars(columns([], 300, 160, measure)) == []
    assert waits([], 300, 160, measure).shapes == ()


@pytest.mark.parametrize("draw", [columns, waits])
@given(
    numbers=st.lists(st.tuples(st.integers(0, 5_000), STATES), max_size=8),
    width=st.integers(220, 900),
    height=st.integers(160, 312),
)
def test_bars_stay_inside_their_place(
    draw: Callable[..., Chart], numbers: list[tuple[int, str]], width: int, height: int
) -> None:
    kind = Bar if draw is columns else Wait
    things = [
        Bar(f"n {n}", n, state) if kind is Bar else Wait(f"n {n}", n, n // 2 or None, state)
        for n, state in numbers
    ]
    made = draw(things, width, height, measure)
    for shape in made.shapes:
        if isinstance(shape, Rect):
            assert shape.x >= -0.01
            assert shape.x + shape.width <= width + 0.01
            assert shape.y >= -2
            assert shape.y + shape.height <= height + 2


def test_where_columns_are_narrow_labels_are_short_and_signs_give_way_to_numbers() -> None:
    months = [Bar("January", 12, "late", "J") for _ in range(12)]
    wide, narrow = (columns(months, width, 160, measure) for width in (1_200, 300))
    assert said(wide).count("January") == 12
    assert said(narrow).count("J") == 12
    assert "January" not in said(narrow)
    assert sum(isinstance(shape, Mark) for shape in wide.shapes) == 12
    assert not any(isinstance(shape, Mark) for shape in narrow.shapes)
