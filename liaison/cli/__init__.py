"""The command line: the same services as the window, for schedulers, scripts and tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import click

from liaison import __version__
from liaison.cli import home_commands, record_commands
from liaison.cli.session import Group, Session, print_json
from liaison.errors import UserError
from liaison.faults import write_fault

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


for command in (*home_commands.COMMANDS, *record_commands.COMMANDS):
    liaison.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: The words after the program's name.

    Returns:
        The exit code: 0 done, 1 a plain error, 2 usage, 3 ``verify`` found damage.
    """
    as_json = "--json" in arguments
    _speak_unicode()
    try:
        code = liaison.main(list(arguments) or ["--help"], "liaison", standalone_mode=False)
    except UserError as error:
        _tell(as_json, error.code, error.message, error.kept)
        return PLAIN_ERROR
    except click.UsageError as error:
        if not as_json and error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
        _tell(as_json, "usage", error.format_message(), "Nothing was changed.")
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _tell(as_json, "stopped", "Stopped.", "What was not finished was not saved.")
        return PLAIN_ERROR
    except BrokenPipeError:
        # whoever read our output has seen enough ("| head")
        sys.stderr.close()
        return DONE
    except Exception as fault:  # noqa: BLE001  # the outermost frame: every bug of ours ends here
        reference, log = write_fault(fault)
        where = f" It is described, without personal data, in {log}." if log else ""
        _tell(
            as_json,
            "bug",
            f"Something went wrong in Liaison itself (reference {reference}).{where}",
            "Everything saved before is kept; this last step may not have been.",
        )
        return PLAIN_ERROR
    return code if isinstance(code, int) else DONE


def _tell(as_json: bool, code: str, message: str, kept: str) -> None:  # noqa: FBT001  # a switch
    if as_json:
        print_json({"error": {"code": code, "message": message, "kept": kept}})
    else:
        click.echo(f"{message}\n{kept}".strip(), err=True)


def _speak_unicode() -> None:
    """Print names in any script, also into a file on a PC with an old code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and not stream.isatty():
            reconfigure(encoding="utf-8", errors="backslashreplace")
