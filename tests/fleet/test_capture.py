# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The stored form of a capture: it comes back as it was, and what is no capture is said to be none."""

import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.capture import Capture, address, from_bytes
from inventories.errors import BadInput
from tests.fleet.captures import captures


@given(captures)
@settings(max_examples=100)
def test_a_capture_comes_back_as_it_was(capture: Capture) -> None:
    stored = capture.to_bytes()
    assert from_bytes(stored, "here") == capture
    assert from_bytes(stored, "here").to_bytes() == stored
    assert address(stored) == address(capture.to_bytes())


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_anything_else_is_bad_input(stored: bytes) -> None:
    with pytest.raises(BadInput, match="here"):
        from_bytes(stored, "here")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["sections", "asked", "x"]), inner),
    max_leaves=8,
)


@given(json_values)
@settings(max_examples=100)
def test_json_that_is_no_capture_is_bad_input(value: object) -> None:
    with pytest.raises(BadInput):
        from_bytes(zlib.compress(json.dumps(value).encode()), "here")


@given(captures, st.data())
@settings(max_examples=50)
def test_a_capture_with_a_part_lost_or_added_is_bad_input(capture: Capture, data: st.DataObject) -> None:
    whole = json.loads(zlib.decompress(capture.to_bytes()))
    lost = data.draw(st.sampled_from(sorted(whole)))
    for broken in ({name: value for name, value in whole.items() if name != lost}, {**whole, "more": 1}):
        with pytest.raises(BadInput):
            from_bytes(zlib.compress(json.dumps(broken).encode()), "here")


def test_nesting_without_end_is_bad_input() -> None:
    with pytest.raises(BadInput):
        from_bytes(zlib.compress(b"[" * 100_000), "here")
