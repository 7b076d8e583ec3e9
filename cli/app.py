"""The commands of `./imr`. Each imports what it needs when it runs: importing Rasa costs ten seconds."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Annotated

import typer

app = typer.Typer(
    name="imr",
    help="A Rasa assistant for Californians whose health plan said no: the right route, exact dates, the law.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Day = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], help="The day it is; else IMR_TODAY, else today in California."),
]


def _day(today: datetime | None) -> date:
    from settings import california_today, settings

    return today.date() if today else california_today(settings())


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="The public port; else IMR_PORT, else 8000.")] = None,
) -> None:
    """Start everything and print one address."""
    from cli.serve import serve as run

    raise typer.Exit(run(port))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run every check: format, lint, types, training data, tests. Words after it go to pytest."""
    from cli.check import run

    raise typer.Exit(run(context.args))


@app.command()
def chat(today: Day = None) -> None:
    """Talk to the assistant in this terminal."""
    from cli.chat import run

    raise typer.Exit(run(today.date() if today else None))


@app.command()
def triage(
    file: Annotated[str, typer.Argument(help="A file with one facts object, or - for standard input.")] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One facts object a line; one answer a line.")] = False,
    today: Day = None,
) -> None:
    """Assess one case, or one a line: facts in, an Assessment out, as JSON."""
    from cli.triage import run

    raise typer.Exit(run(file, lambda: _day(today), jsonl))


@app.command()
def law(
    check: Annotated[bool, typer.Option("--check", help="Fail if a rule lacks a citation.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List every rule with value, citation, verified date and confidence."""
    from cli.law import run

    raise typer.Exit(run(check, json))


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Train although nothing changed.")] = False,
) -> None:
    """Train the model; skipped when nothing changed."""
    from cli.train import run

    raise typer.Exit(run(force))


@app.command()
def understand(
    text: Annotated[str | None, typer.Argument(help="What a person wrote.")] = None,
    jsonl: Annotated[
        str | None, typer.Option("--jsonl", help="A file with id, text and optional today a line; - for stdin.")
    ] = None,
    today: Day = None,
) -> None:
    """Show what is understood in a message: intent, facts, dates, evidence, safety."""
    from cli.understand import run

    raise typer.Exit(run(text, jsonl, _day(today)))


def main() -> None:
    """Runs the command line; a missing pipe end is no error."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
