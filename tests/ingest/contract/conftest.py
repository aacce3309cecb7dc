import pytest
from raw_feed import Raw
from sqlalchemy import Engine


@pytest.fixture
def raw(warehouse: Engine) -> Raw:
    return Raw(warehouse)
