"""The command line: the same services as the window, for schedulers, scripts and tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import click

from liaison import __version__
from liaison.cli import (
    appointment_commands,
    attempts_command,
    audit_command,
    certificate_command,
    concern_commands,
    conflict_commands,
    demo_command,
    exchange_commands,
    glance_command,
    history_commands,
    home_commands,
    keeping_commands,
    loops_commands,
    monthly_commands,
    ods_commands,
    pack_command,
    pc_commands,
    people_commands,
    reading_commands,
    record_commands,
    referral_commands,
    report_commands,
    round_commands,
    session_commands,
    sync_commands,
    today_command,
    training_commands,
    visit_commands,
    who_command,
)
from liaison.cli.session import Group, Session, as_json, close_output, note
from liaison.errors import UserError
from liaison.faults import write_fault
from liaison.services.editing import Unfit
from liaison.sync.object_store_faults import asked_once

DONE: Final = 0
PLAIN_ERROR: Final = 1
USAGE: Final = 2


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Liaison")
@click.pass_context
def liaison(context: click.Context) -> None:
    """Who your home works with in health and social care, and what came of it.

    TYPE is a kind of record such as resident, contact or visit_entry; "liaison types" lists them.
    A record is named by its id or, where only one has it, by its exact name.
    """
    context.ensure_object(Session)


for command in (
    *demo_command.COMMANDS,
    *home_commands.COMMANDS,
    *keeping_commands.COMMANDS,
    *people_commands.COMMANDS,
    *pc_commands.COMMANDS,
    *sync_commands.COMMANDS,
    *conflict_commands.COMMANDS,
    *record_commands.COMMANDS,
    *reading_commands.COMMANDS,
    *history_commands.COMMANDS,
    *audit_command.COMMANDS,
    *today_command.COMMANDS,
    *loops_commands.COMMANDS,
    *who_command.COMMANDS,
    *attempts_command.COMMANDS,
    *exchange_commands.COMMANDS,
    *ods_commands.COMMANDS,
    *concern_commands.COMMANDS,
    *round_commands.COMMANDS,
    *referral_commands.COMMANDS,
    *appointment_commands.COMMANDS,
    *training_commands.COMMANDS,
    *session_commands.COMMANDS,
    *certificate_command.COMMANDS,
    *visit_commands.COMMANDS,
    *report_commands.COMMANDS,
    *glance_command.COMMANDS,
    *monthly_commands.COMMANDS,
    *pack_command.COMMANDS,
):
    liaison.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: The words after the program's name.

    Returns:
        The exit code: 0 done, 1 a plain error, 2 usage, 3 ``verify`` found damage.
    """
    words = list(arguments)
    # what follows "--" are values
    in_json = "--json" in (words[: words.index("--")] if "--" in words else words)
    _speak_unicode()
    try:
        code = liaison.main(words or ["--help"], "liaison", standalone_mode=False)
    except UserError as error:
        # a command is over then
        error.do = asked_once(error.do)
        message = error.message if in_json else _in_lines(error)
        _tell(in_json, error.code, message, error.kept or "Nothing was changed.")
        return PLAIN_ERROR
    except click.UsageError as error:
        _tell(in_json, "usage", _usage(error, in_json=in_json), "Nothing was changed.")
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _tell(in_json, "stopped", "Stopped.", "What was not finished was not saved.")
        return PLAIN_ERROR
    except SystemExit:
        # click's way to say that whoever read the help has seen enough ("| head")
        close_output()
        return DONE
    except Exception as fault:  # noqa: BLE001  # the outermost frame: every bug of ours ends here
        reference, log = write_fault(fault)
        where = f" It is described, without personal data, in {log}." if log else ""
        _tell(
            in_json,
            "bug",
            f"Something went wrong in Liaison itself (reference {reference}).{where}",
            "Everything saved before is kept; this last step may not have been.",
        )
        return PLAIN_ERROR
    return code if isinstance(code, int) else DONE


def _usage(error: click.UsageError, *, in_json: bool) -> str:
    """Return what was typed wrongly, with how it is typed and where to read on."""
    if error.ctx is None:
        return error.format_message()
    bare = isinstance(error, click.exceptions.NoArgsIsHelpError)
    if bare and not in_json:
        # the help, which begins with the usage and lists the commands
        return error.format_message()
    message = "Missing command." if bare else error.format_message()
    told = f'{message} "{error.ctx.command_path} --help" says more.'
    return told if in_json else f"{error.ctx.get_usage()}\n{told}"


def _in_lines(error: UserError) -> str:
    """Return an error in words; several problems one a line, each with the field to type."""
    if not isinstance(error, Unfit):
        return error.message
    lead = error.what.partition(":")[0]
    told = [f"  {problem.field}: {problem.message}" for problem in error.problems]
    return "\n".join([f"{lead}:", *told, error.do])


def _tell(in_json: bool, code: str, message: str, kept: str) -> None:  # noqa: FBT001  # a switch
    if not in_json:
        note(f"{message}\n{kept}".strip())
        return
    try:
        click.echo(as_json({"error": {"code": code, "message": message, "kept": kept}}))
    except OSError:
        # the exit code still tells
        close_output()


def _speak_unicode() -> None:
    """Print names in any script, also into a file on a PC with an old code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # a terminal keeps the code page it shows
            encoding = None if stream.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace")
