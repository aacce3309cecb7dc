"""From the warehouse to its readers: checks, exported files, anonymous files."""
