"""`./imr bench turn`, `growth`, `start`, `train`, `memory`, `all`: their options. What they do is in `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Baseline = Annotated[bool, typer.Option("--baseline", help="Build and run stock Rasa beside ours; print ratios.")]
Epochs = Annotated[
    int,
    typer.Option(min=1, max=100, help="How long stock Rasa is trained; 100, its default, takes most of an hour."),
]
Folder = Annotated[
    Path | None, typer.Option("-o", "--output", help="Where JSON and pictures go; else the var folder.")
]
Turns = Annotated[int, typer.Option(min=20, max=1000, help="How many turns the long conversation has.")]
Rounds = Annotated[int, typer.Option(min=1, max=20, help="How often each side gets its turn under each load.")]
Processes = Annotated[
    list[int] | None, typer.Option(min=1, max=8, help="How many assistants; 1 and 3 when not given.")
]
FEW_EPOCHS = 5


def add_to(bench: typer.Typer) -> None:
    """Add the commands."""

    @bench.command("turn")
    def turn(
        baseline: Baseline = False, baseline_epochs: Epochs = FEW_EPOCHS, rounds: Rounds = 3, output: Folder = None
    ) -> None:
        """How long a turn takes while 1, 8, 32 and 128 people tell whole stories, and turns a second."""
        _run(("turn",), baseline, baseline_epochs, output, rounds=rounds)

    @bench.command("growth")
    def growth(
        baseline: Baseline = False, baseline_epochs: Epochs = FEW_EPOCHS, turns: Turns = 1000, output: Folder = None
    ) -> None:
        """What a turn costs as one conversation grows."""
        _run(("growth",), baseline, baseline_epochs, output, turns=turns)

    @bench.command("start")
    def start(baseline: Baseline = False, baseline_epochs: Epochs = FEW_EPOCHS, output: Folder = None) -> None:
        """From cold to ready."""
        _run(("start",), baseline, baseline_epochs, output)

    @bench.command("train")
    def train(baseline: Baseline = False, baseline_epochs: Epochs = FEW_EPOCHS, output: Folder = None) -> None:
        """Training the model, into a folder that is thrown away."""
        _run(("train",), baseline, baseline_epochs, output)

    @bench.command("memory")
    def memory(baseline: Baseline = False, baseline_epochs: Epochs = FEW_EPOCHS, output: Folder = None) -> None:
        """The resident memory of all processes after people have talked."""
        _run(("memory",), baseline, baseline_epochs, output)

    @bench.command("shared")
    def shared(
        processes: Processes = None,
        output: Folder = None,
    ) -> None:
        """Several assistants behind nginx on one PostgreSQL and Redis: turns, memory, size of the database."""
        from cli.bench.speed.commands import Wanted, run

        raise typer.Exit(run(Wanted(("shared",), folder=output, processes=processes or (1, 3))))

    @bench.command("all")
    def everything(
        baseline: Baseline = False,
        baseline_epochs: Epochs = FEW_EPOCHS,
        turns: Turns = 1000,
        rounds: Rounds = 3,
        output: Folder = None,
    ) -> None:
        """Training, start, memory, turns and growth in one run."""
        from cli.bench.speed.commands import MEASURED

        _run(MEASURED, baseline, baseline_epochs, output, turns=turns, rounds=rounds)


def _run(
    names: tuple[str, ...], baseline: bool, epochs: int, output: Path | None, turns: int = 1000, rounds: int = 3
) -> None:
    from cli.bench.speed.commands import Wanted, run

    raise typer.Exit(run(Wanted(names, epochs if baseline else None, turns, rounds, folder=output)))
