"""Tickets, with which the page in Airflow lets a user into the dashboard: signed with a key that both have, for a minute."""

import secrets

from itsdangerous import BadData, URLSafeTimedSerializer

VARIABLE = "CLIENT360_DASHBOARD_SECRET"
SECONDS = 60


def ticket(secret: str, user: str) -> str:
    """A ticket for the user; no two are equal."""
    return _signer(secret).dumps([user, secrets.token_urlsafe(12)])


def holder(secret: str, given: str) -> str | None:
    """Whose ticket it is, if it is genuine and not too old."""
    try:
        user, _ = _signer(secret).loads(given, max_age=SECONDS)
    except BadData:
        return None
    return str(user)


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="client360 dashboard ticket")
