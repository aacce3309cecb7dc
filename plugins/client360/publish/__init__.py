"""What stands between the warehouse and its readers: checks, and the exported files."""
