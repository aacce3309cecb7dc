"""Faults at random moments of runs, over Docker and Celery. Each test injects one and continues where the one before it ended."""

import os
import time
from dataclasses import dataclass
from datetime import date

import pytest
from injection import NotThere, inject
from plan import Fault, plan
from report import Outcome, Report
from shaken import OVER, WORLD, Shaken, day, longest_stall
from stack import Embedded

SEED = int(os.environ.get("SEED") or 1)
PLAN = plan(int(os.environ.get("FAULTS") or 40), SEED)
STALL = 120
"""Seconds in which some task has to change its state."""


@dataclass(frozen=True)
class Undisturbed:
    """A run without a fault: how long it takes, and what it leaves."""

    seconds: float
    files: dict[str, str]
    rows: dict[str, str]


@pytest.fixture(scope="session")
def undisturbed(stack: Shaken, embedded: Embedded) -> dict[bool, Undisturbed]:
    """A run that builds, and one that adds a day to it."""
    found = {}
    for whole in (True, False):
        begun = time.time()
        run = stack.begin(whole=whole)
        assert stack.end(run) == "success"
        files = stack.files(day(whole=whole), begun)
        assert files == embedded.published(day(whole=whole))
        moments = stack.moments(run)
        found[whole] = Undisturbed(moments[-1] - moments[0], files, stack.rows())
    assert stack.left() == []
    return found


@pytest.fixture(scope="session")
def report(undisturbed: dict[bool, Undisturbed]) -> Report:
    built = date.fromisoformat(day(whole=True)) - date.fromisoformat(WORLD["CLIENT360_INICIO"])
    customers = int(WORLD["CLIENT360_CLIENTES"])
    return Report(SEED, len(PLAN), built.days + 1, customers, undisturbed[True].seconds, undisturbed[False].seconds)


@pytest.mark.parametrize("fault", PLAN, ids=str)
def test_a_run_ends_well_and_leaves_nothing_behind(
    stack: Shaken, undisturbed: dict[bool, Undisturbed], report: Report, fault: Fault
) -> None:
    usual = undisturbed[fault.whole]
    triggered = time.time()
    run, begun, over = disturbed(stack, fault, usual.seconds)
    state = stack.end(run)
    problems = [] if state == "success" else [state]
    problems += stack.left()
    moments = stack.moments(run)
    stall = longest_stall(moments, begun, over)
    if stall > STALL:
        problems.append(f"nothing happened for {stall:.0f} s")
    files, rows = stack.files(day(whole=fault.whole), triggered), stack.rows()
    problems += [f"{name} differs" for name in sorted(usual.files) if files.get(name) != usual.files[name]]
    problems += [f"{name} differs" for name in sorted(usual.rows) if rows.get(name) != usual.rows[name]]
    took = moments[-1] - moments[0]
    report.add(fault, Outcome(begun - moments[0], over - begun, took, stack.tried_again(run), stall, problems))
    if problems:
        stack.restart()
    assert problems == []
    assert (files, rows) == (usual.files, usual.rows)


def disturbed(stack: Shaken, fault: Fault, seconds: float) -> tuple[str, float, float]:
    """A run with the fault in it, and when that began and was over. Where it came too late, another run, earlier."""
    for earlier in (1, 2, 4, 8, 16):
        run = stack.begin(whole=fault.whole, keep_landing=fault.target.kind == "disk full")
        time.sleep(fault.share * seconds / earlier)
        if stack.state(run) in OVER:
            continue
        try:
            return run, *inject(stack, fault)
        except NotThere:
            stack.end(run)
    raise AssertionError(f"no {fault.target.name} was there")
