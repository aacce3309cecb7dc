"""Landing files into staging, and the dimensions that no landing file brings."""
