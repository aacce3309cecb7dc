"""What people use around the pipeline: the local stack, and drafts of feeds. The image holds none of it."""
