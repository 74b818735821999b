"""What of ministack is replaced has to be there."""

from types import ModuleType

import pytest

from highlands_control_plane.replacing import replace, replace_entry


def test_a_name_is_replaced() -> None:
    module = ModuleType("ministack.services.some")
    module.__dict__["_call"] = 1
    replace(module, "_call", 2)
    assert module.__dict__["_call"] == 2


def test_a_name_that_is_not_there_is_no_replacement() -> None:
    module = ModuleType("ministack.services.some")
    with pytest.raises(AttributeError, match=r"ministack\.services\.some of ministack [\d.]+ has no _call"):
        replace(module, "_call", 2)
    assert not hasattr(module, "_call")


def test_the_same_of_a_table() -> None:
    table = {"ListTasks": 1}
    replace_entry(table, "ListTasks", 2)
    with pytest.raises(KeyError, match="no handler of StopTask"):
        replace_entry(table, "StopTask", 2)
    assert table == {"ListTasks": 2}
