"""What of ministack is replaced has to be there."""

from types import ModuleType

import pytest

from highlands_control_plane.replacing import add_entry, replace, replace_entry, replace_in, wrap_entries


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


def test_a_name_that_several_modules_have_is_replaced_in_each() -> None:
    modules = ModuleType("one"), ModuleType("other")
    for module in modules:
        module.__dict__["_call"] = 1
    replace_in(modules, "_call", 2)
    assert [module.__dict__["_call"] for module in modules] == [2, 2]
    with pytest.raises(AttributeError, match="third of ministack"):
        replace_in((*modules, ModuleType("third")), "_call", 3)


def test_an_entry_that_is_wrapped_has_to_be_there() -> None:
    table = {"ListTasks": 1}
    wrap_entries(table, ("ListTasks",), lambda handler: (handler, "wrapped"))
    assert table == {"ListTasks": (1, "wrapped")}
    with pytest.raises(KeyError, match="no handler of StopTask"):
        wrap_entries(table, ("StopTask",), lambda handler: handler)


def test_an_entry_that_is_added_must_not_be_there() -> None:
    table = {"ListTasks": 1}
    add_entry(table, "StartTask", 2)
    with pytest.raises(KeyError, match="has a handler of ListTasks already"):
        add_entry(table, "ListTasks", 2)
    assert table == {"ListTasks": 1, "StartTask": 2}
