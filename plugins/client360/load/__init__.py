"""From landing files to staging, and the dimensions that come from no file."""
