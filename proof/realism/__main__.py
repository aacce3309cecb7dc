"""Print every declared figure beside the measured one; the exit code is 1 if any differs."""

import sys

from rich.console import Console
from rich.table import Table

from proof.realism import compare
from proof.realism.sample import SAMPLE, YEAR, generate


def main() -> int:
    findings = compare(generate())
    table = Table("", "declared", "measured", "tolerance", "", box=None)
    for finding in findings:
        figures = (f"{figure:.4f}" for figure in (finding.declared, finding.measured, finding.tolerance))
        table.add_row(finding.what, *figures, "" if finding.holds else "[red]differs[/red]")
    Console().print(table)
    differing = sum(not finding.holds for finding in findings)
    print(f"{len(findings)} figures of {SAMPLE.name} in {YEAR}: {differing} differ from world.yaml")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
