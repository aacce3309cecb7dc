"""What a run did: control.recuentos counts the rows of the files that it read, and of all, by what became of them."""

from client360.ingest.contract.statements import Context


def record(context: Context, run: str, *, loaded: bool) -> None:
    """Record the outcome, in place of that of an earlier try. `loaded`: no more was rejected than the threshold allows."""
    context.execute("recuentos", corrida=run)
    context.execute("retirados", corrida=run, mundo=context.feed.owner, cargada=loaded)
