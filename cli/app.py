"""The commands of `./imr`. Each imports what it needs when it runs: importing Rasa costs ten seconds."""

from __future__ import annotations

import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import office
from cli.bench.speed import options as speed

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


class Baseline(StrEnum):
    """Pipelines to measure ours against."""

    diet = "diet"


def _day(today: datetime | None) -> date:
    from settings import california_today, settings

    return today.date() if today else california_today(settings())


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="The public port; else IMR_PORT, else 8000.")] = None,
    sms_sandbox: Annotated[
        bool, typer.Option("--sms-sandbox", help="With a phone in the browser to text with the assistant.")
    ] = False,
) -> None:
    """Start everything and print one address."""
    from cli.serve import serve as run

    raise typer.Exit(run(port, sms_sandbox))


@app.command()
def remind(
    due: Annotated[bool, typer.Option("--due", help="Send what is due now; else only tell.")] = False,
) -> None:
    """Tell how many reminders by text message are on; with --due send what is due and still owed, for a timer."""
    from cli.remind import run

    raise typer.Exit(run(due))


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
def documents(
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write to; made when not there.")],
    file: Annotated[str, typer.Argument(help="A file with one facts object, or - for standard input.")] = "-",
    practice: Annotated[str | None, typer.Option(help="The name of the practice that gives out the papers.")] = None,
    today: Day = None,
) -> None:
    """Write every paper that fits a case: summary, dates for a calendar, drafts of letters, checklists."""
    from cli.documents import run

    raise typer.Exit(run(file, folder, lambda: _day(today), practice))


@app.command()
def law(
    check: Annotated[bool, typer.Option("--check", help="Fail if a rule lacks a citation.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The table of docs/law.md.")] = False,
) -> None:
    """List every rule with value, citation, verified date and confidence."""
    from cli.law import run

    raise typer.Exit(run(check, json, markdown))


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
        str | None,
        typer.Option("--jsonl", help="A file with id, text and optional today a line; - for stdin."),
    ] = None,
    today: Day = None,
) -> None:
    """Show what is understood in a message: intent, facts, dates, evidence, safety."""
    from cli.understand import run

    raise typer.Exit(run(text, jsonl, _day(today)))


bench = typer.Typer(name="bench", help="Measure, and print the figures.", no_args_is_help=True)
app.add_typer(bench)
evaluate = typer.Typer(name="evaluate", help="How well things are understood.", no_args_is_help=True)
app.add_typer(evaluate)
outcomes = typer.Typer(name="outcomes", help="How earlier reviews went, and newer figures.", no_args_is_help=True)
app.add_typer(outcomes)


@bench.command("logic")
def bench_logic(
    file: Annotated[
        str | None, typer.Argument(help="A file of cases; else the acceptance set, else our own.")
    ] = None,
) -> None:
    """Assessments a second on one core."""
    from cli.bench.logic import run

    raise typer.Exit(run(file))


@bench.command("widget")
def bench_widget(
    conversations: Annotated[int, typer.Option(min=1, max=200, help="How many conversations.")] = 20,
    pictures: Annotated[Path | None, typer.Option(help="A folder for pictures of every state.")] = None,
) -> None:
    """The chat window in a real browser: bytes, requests, shift, echo and answer."""
    from cli.bench.widget import run

    raise typer.Exit(run(conversations, pictures))


@bench.command("sms")
def bench_sms(
    conversations: Annotated[
        int, typer.Option(min=4, max=1000, help="How many conversations processes are killed in.")
    ] = 200,
) -> None:
    """Text messages: once each, signed only, fast to acknowledge, through kills and outages, nothing in clear."""
    from cli.bench.sms import run

    raise typer.Exit(run(conversations))


@bench.command("console")
def bench_console(
    conversations: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="How many made conversations.")
    ] = 100_000,
    postgres: Annotated[bool, typer.Option("--postgres", help="On a PostgreSQL of its own; else on SQLite.")] = False,
) -> None:
    """The staff console with many conversations: lists, searches and transcripts."""
    from cli.bench.console import run

    raise typer.Exit(run(conversations, postgres))


@evaluate.command("nlu")
def evaluate_nlu(
    file: Annotated[Path | None, typer.Argument(help="Messages with known answers; else the evaluation set.")] = None,
    fail_under: Annotated[float | None, typer.Option(help="Fail when a main share is below this, 0 to 1.")] = None,
    kept_back: Annotated[bool, typer.Option("--kept-back", help="Use the part kept for the end.")] = False,
    show_errors: Annotated[bool, typer.Option("--show-errors", help="Print every message read wrongly.")] = False,
    folds: Annotated[bool, typer.Option(help="Cross-validate the intents too, and compare models.")] = True,
    baseline: Annotated[
        Baseline | None, typer.Option(help="Train Rasa's default pipeline on the same data beside ours.")
    ] = None,
    baseline_epochs: Annotated[
        int, typer.Option(min=1, help="How long that one trains; Rasa's default takes most of an hour.")
    ] = 100,
    report: Annotated[
        Path | None, typer.Option(help="Where to write the page; else nlu_report.html in the var folder.")
    ] = None,
) -> None:
    """Intents, facts, dates and danger, against messages with known answers."""
    from cli.evaluate import REPORT, Wanted, nlu

    stock = baseline_epochs if baseline else 0
    wanted = Wanted(fail_under, kept_back, file, show_errors, folds, stock, report or REPORT)
    raise typer.Exit(nlu(wanted, _day(None)))


@evaluate.command("conversation")
def evaluate_conversation(
    file: Annotated[Path | None, typer.Argument(help="Scenarios, .jsonl or .yml; else the acceptance set.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other words.")] = 0,
    buttons: Annotated[bool, typer.Option("--buttons", help="Press buttons instead of writing answers.")] = False,
    show_errors: Annotated[bool, typer.Option("--show-errors", help="Print every talk that went wrong.")] = False,
    transcript: Annotated[str | None, typer.Option(help="Only the scenario with this id, its whole talk.")] = None,
    fail_under: Annotated[float | None, typer.Option(help="Fail when a share is below this, 0 to 1.")] = None,
    save: Annotated[Path | None, typer.Option(help="A file for all talks, one JSON object a line.")] = None,
) -> None:
    """Simulated people, each with the facts of a decided case, talk with the running assistant."""
    from cli.evaluate.conversation import Wanted, conversation

    raise typer.Exit(conversation(Wanted(file, seed, buttons, show_errors, transcript, fail_under, save)))


@outcomes.command("show")
def outcomes_show(
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """The rates in use, each with its number, years and 95 % interval."""
    from cli.outcomes import show

    raise typer.Exit(show(json))


@outcomes.command("update")
def outcomes_update(
    url: Annotated[
        str | None, typer.Option(help="Address of the CSV; else what the state's catalogue names.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="An official CSV on this machine instead.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="How new the CSV is; else the day it was last changed."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Use its counts although they look odd.")] = False,
) -> None:
    """Download the official CSV, count exact tables from it and use them; the old ones stay on any failure."""
    from cli.outcomes import Source, update

    raise typer.Exit(update(Source(file, url, as_of.date() if as_of else None, force=force), _day(None)))


speed.add_to(bench)
office.add_to(app)


def main() -> None:
    """Runs the command line; a missing pipe end is no error."""
    from settings import SettingsError

    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
