"""The proof: the right answers, by a path that shares nothing with the SQL, and grades of what the pipeline made."""
