"""What a run is asked for, and which days it works on."""
