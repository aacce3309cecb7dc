"""docs/faults.md: what was injected, and how the runs ended."""

from dataclasses import dataclass, field

from plan import Fault

from client360 import folders

PAGE = folders.ROOT / "docs" / "faults.md"
TEXT = """\
# Faults

`make test-faults` starts the stack in Docker with two Celery workers and runs the DAG again and again. In each run, at a random
moment, it does something to the stack: a process is killed; a container is frozen, or leaves the network and comes back at
another address; a disk is full; the clock of the database is two hours off. A fault ends by itself. Nobody mends what it
broke: the engine starts what has died, Airflow tries again what has failed.

Half of the runs build the warehouse anew, over {days} days of {customers} customers; the others add a day to it. After each one

* the run is green, and its files have the bytes that the embedded stack publishes;
* all rows of `staging`, `dw` and `mart` are those of a run without a fault: none is lost, none is there twice;
* no advisory lock is left, no idle transaction, no half-built database, no zombie, and all containers are healthy;
* there were never two minutes in which no task changed its state, not counting the fault itself.

`FAULTS` is how many, `SEED` draws which and when. The same seed draws the same plan; what it hits depends on the machine.
A full disk of the data folder finds landing files written: it would refuse a run that has them to write, at once.

This list was written by that command. Without a fault, a run that builds took {whole} s, one that adds a day {added} s.

{summary}

| | what | to | at | for | run took | tasks tried again | longest stall | end |
|---|---|---|---|---|---|---|---|---|
{rows}

## What they found

Mended since, each with a setting of the stack in Docker that [decisions.md](decisions.md) explains:

* A scheduler that was off the network for 20 s waited for an answer of PostgreSQL, for as long as the test looked on, and passed
  its health check. Containers now give up such a connection within half a minute.
* Workers whose Redis came back at another address took no task for two minutes. Their connections are now watched, too.
* A worker whose server of logs was killed went on without one, and a scheduler without the server of its health. They are
  started anew.
* Health checks that got no answer stayed behind, one process each. They give up after five seconds.
* A task that a worker took and lost before it began waits ten minutes with Airflow's own settings. It is queued again after one.
"""


@dataclass
class Outcome:
    """How a run with a fault ended; times in seconds."""

    at: float
    lasted: float
    took: float
    tried_again: int
    stall: float
    problems: list[str]


@dataclass
class Report:
    """Written anew after each fault, so that a test that is interrupted has shown what it did."""

    seed: int
    planned: int
    days: int
    customers: int
    whole: float
    added: float
    done: list[tuple[Fault, Outcome]] = field(default_factory=list)

    def add(self, fault: Fault, outcome: Outcome) -> None:
        self.done.append((fault, outcome))
        text = TEXT.format(
            days=self.days,
            customers=self.customers,
            whole=f"{self.whole:.0f}",
            added=f"{self.added:.0f}",
            summary=self._summary(),
            rows="\n".join(_row(*each) for each in self.done),
        )
        part = PAGE.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(PAGE)

    def _summary(self) -> str:
        green = sum(not outcome.problems for _, outcome in self.done)
        stall = max(outcome.stall for _, outcome in self.done)
        again = sum(outcome.tried_again for _, outcome in self.done)
        return (
            f"**{green} of {len(self.done)} faults** of {self.planned} that the seed {self.seed} drew ended well. "
            f"Tasks were tried again {again} times; the longest stall was {stall:.0f} s."
        )


def _row(fault: Fault, outcome: Outcome) -> str:
    lasted = "" if fault.target.kind == "SIGKILL" else f"{outcome.lasted:.0f} s"
    cells = (
        f"{fault.number}",
        fault.target.kind,
        fault.target.name,
        f"{outcome.at:.0f} s",
        lasted,
        f"{outcome.took:.0f} s",
        f"{outcome.tried_again}",
        f"{outcome.stall:.0f} s",
        "; ".join(outcome.problems) or "green",
    )
    return f"| {' | '.join(cells)} |"
