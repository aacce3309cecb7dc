"""Tools around the pipeline: the local stack and the feed drafter. Not in the Docker image."""
