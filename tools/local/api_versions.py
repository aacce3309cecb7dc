"""The API that tasks report to, in its newest versions only: Airflow makes all its routes anew for each of nine versions, which
takes longer than most tasks do."""

from airflow.api_fastapi.execution_api import versions
from cadwyn import HeadVersion, Version, VersionBundle

KEPT = 2
"""Versions with what they change: tasks ask for the newest one, and a route that it lacks has to be restored in an older one."""


def make_newest_only() -> None:
    """Leave out the older versions, before the API is made."""
    known = versions.bundle.versions
    for version in known:
        for change in version.changes:
            change._bound_version_bundle = None  # or it would refuse another bundle
    kept = (Version(version.value, *version.changes) for version in known[:KEPT])
    versions.bundle = VersionBundle(HeadVersion(), *kept, Version(known[KEPT].value))
