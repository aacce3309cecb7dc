"""The customers: when they join and leave, where they live, what they work as and earn."""

from client360.simulate.people.generation import Generation
from client360.simulate.people.population import Population

__all__ = ["Generation", "Population"]
