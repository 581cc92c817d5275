"""A house whose designer uploads procedures of the shipped library."""

from __future__ import annotations

import pytest

from engine.readers.roles import read_roles
from storage.database import transaction
from tests.web.house import House
from web.context.library import SHIPPED


@pytest.fixture
def trust(house: House) -> House:
    """A house whose roles are those that procedures of the shipped library name; the designer is Dana."""
    with transaction(house.database) as store:
        store.save_roles(read_roles((SHIPPED / "roles.yaml").read_bytes()).values())
    house.person("Dana Drawer", ("procedure_designer", None))
    return house
