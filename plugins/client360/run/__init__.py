"""The run: its request, its source, its parameters, its steps, and the days it works on."""
