"""How often the monitors warn of clean worlds, and how many corrupted days they notice."""
