"""The simulated world: a pure function of (semilla, clientes, inicio) and of the facts in world.yaml."""

from client360.simulate.world import BLOCK, EARLIEST, LARGEST, LARGEST_SEED, World

__all__ = ["BLOCK", "EARLIEST", "LARGEST", "LARGEST_SEED", "World"]
