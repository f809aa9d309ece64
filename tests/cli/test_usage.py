"""What is typed wrongly is told once, with a command that is there and goes on from it."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize("group", ["sync", "sync setup", "pc", "conflicts", "user"])
def test_a_group_alone_says_its_usage_once_and_lists_its_commands(group: str, cli: Cli) -> None:
    said = cli.bare(*group.split(), code=2).err
    assert said.count("Usage: ") == 1
    assert said.startswith(f"Usage: liaison {group} ")
    assert "Commands:" in said
    for words in (("--json", *group.split()), (*group.split(), "--json")):
        message = cli.bare(*words, code=2).error["message"]
        assert message == f'Missing command. "liaison {group} --help" says more.'


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("conflicts settle", "conflicts pick"),
        ("conflicts resolve x", "conflicts pick"),
        ("conflicts delete", "conflicts"),
        ("pc add", "pc invite"),
        ("pc delete x", "pc remove"),
        ("pc find", "pc"),
        ("sync setup store x", "sync setup s3"),
        ("sync begin", "sync"),
        ("sync now --slowly", "sync now"),
        ("pc join", "pc join"),
    ],
)
def test_what_is_named_after_a_mistake_is_a_command_of_that_group(
    words: str, named: str, cli: Cli
) -> None:
    message = cli.error(*words.split(), code=2)["message"]
    told = re.findall(r'"liaison ([^"]*)"', message)
    assert named in {one.removesuffix(" --help") for one in told}
    # what records are done with has no place among PCs
    assert "Nothing is ever deleted" not in message
    for one in told:
        shown = cli.bare(*one.removesuffix(" --help").split(), "--help").out
        assert shown.startswith(f"Usage: liaison {one.removesuffix(' --help')} ")
