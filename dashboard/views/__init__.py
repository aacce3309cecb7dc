"""The pages, one module each, whose `show` draws it as of a day."""
