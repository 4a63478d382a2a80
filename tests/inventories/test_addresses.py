# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Addresses and address ranges are read quickly, and as the ipaddress module reads them."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from inventories.model.base import Address, Network

addresses: TypeAdapter[Address] = TypeAdapter(Address)
networks: TypeAdapter[Network] = TypeAdapter(Network)
written = st.ip_addresses().map(str) | st.text("0123456789abcdef:./% +_", max_size=20)


def read(parse: Callable[[str], object], text: str) -> object:
    """Return what ``text`` means, None when it is refused."""
    try:
        return parse(text)
    except ValueError:  # a ValidationError is one
        return None


@settings(max_examples=100, deadline=None)
@given(written)
@example("010.0.0.1")
@example("1.2.3")
@example("::ffff:10.0.0.1")
@example("fe80::1%eth0")
@example("1.2.3.4\0")
@example("")
def test_an_address_means_what_the_standard_library_says(text: str) -> None:
    assert read(addresses.validate_python, text) == read(ip_address, text)


@settings(max_examples=100, deadline=None)
@given(written | st.tuples(written, st.integers(0, 130)).map(lambda both: f"{both[0]}/{both[1]}"))
@example("10.0.0.0/8")
@example("10.0.0.1/8")
@example("10.0.0.0/255.0.0.0")
@example("10.0.0.0/08")
@example("10.0.0.0/+8")
@example("10.0.0.0/33")
@example("2001:db8::/32")
@example("2001:db8::1")
def test_a_range_means_what_the_standard_library_says(text: str) -> None:
    assert read(networks.validate_python, text) == read(ip_network, text)


@pytest.mark.parametrize("adapter", [addresses, networks])
@pytest.mark.parametrize("value", [10, 10.0, True, None, [], {}])
def test_what_is_no_text_is_no_address(adapter: TypeAdapter[object], value: object) -> None:
    with pytest.raises(ValidationError):
        adapter.validate_python(value)
