"""The commands of who runs the practice: accounts of staff, the log, corrections, backups, forgetting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

staff = typer.Typer(name="staff", help="Accounts of the staff console.", no_args_is_help=True)
audit = typer.Typer(name="audit", help="The log of who did what in the staff console.", no_args_is_help=True)
corrections = typer.Typer(name="corrections", help="What staff corrected.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name to sign in with, such as ana.reyes.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands among the others."""
    for one in (staff, audit, corrections):
        app.add_typer(one)
    for command in (backup, restore, purge, forget):
        app.command()(command)


@staff.command("add")
def staff_add(
    name: Name,
    role: Annotated[
        str | None,
        typer.Option(help="viewer reads, reviewer corrects and calls too, admin (the first) does all."),
    ] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from input.")] = False,
) -> None:
    """Make an account: the first is an admin, others viewers unless it is said otherwise."""
    from cli.staff import add

    raise typer.Exit(add(name, role, password_stdin))


@staff.command("list")
def staff_list() -> None:
    """All accounts."""
    from cli.staff import show

    raise typer.Exit(show())


@staff.command("end")
def staff_end(name: Name) -> None:
    """Close an account."""
    from cli.staff import end

    raise typer.Exit(end(name))


@staff.command("renew")
def staff_renew(name: Name) -> None:
    """New password and new one-time codes, for who lost theirs; opens a closed account again."""
    from cli.staff import renew

    raise typer.Exit(renew(name))


@audit.command("verify")
def audit_verify(
    expect: Annotated[str | None, typer.Option(help="A seal noted earlier, which must still be in the log.")] = None,
) -> None:
    """Check that no line of the log was changed or taken away."""
    from cli.keeping import verify

    raise typer.Exit(verify(expect))


@corrections.command("export")
def corrections_export(
    output: Annotated[Path, typer.Option("-o", "--output", help="The file for the change.")] = Path(
        "corrections.patch"
    ),
) -> None:
    """Write what was approved as a change to commit: training examples, stories, readings to test."""
    from cli.corrections import export

    raise typer.Exit(export(output))


def backup(
    file: Annotated[Path | None, typer.Argument(help="The file; else one named after this moment.")] = None,
) -> None:
    """Copy the database into one file while everything runs."""
    from cli.keeping import backup as run

    raise typer.Exit(run(file))


def restore(file: Annotated[Path, typer.Argument(help="A file that ./imr backup made.")]) -> None:
    """Put a backup back; what was forgotten since is forgotten again."""
    from cli.keeping import restore as run

    raise typer.Exit(run(file))


def purge() -> None:
    """Erase what people wrote when nothing happened for IMR_RETENTION_DAYS."""
    from cli.keeping import purge as run

    raise typer.Exit(run())


def forget(
    case: Annotated[str | None, typer.Option(help="The case number on the person's papers.")] = None,
    conversation: Annotated[int | None, typer.Option(help="The conversation's number in the console.")] = None,
    phone: Annotated[str | None, typer.Option(help="The phone number that they text from.")] = None,
) -> None:
    """Erase all that is kept of one person, and print the receipt."""
    from cli.keeping import forget as run

    raise typer.Exit(run(case, conversation, phone))
