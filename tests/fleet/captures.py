# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Captures of any content, for property tests."""

from hypothesis import strategies as st

from fleet.capture import Capture, Cause, Section

# Surrogates included: that is how undecodable bytes of a target are kept.
texts = st.text(st.characters(codec=None), max_size=200)
seconds = st.floats(0, 1e6)
sections = st.builds(
    Section,
    rc=st.none() | st.integers(0, 255),
    stdout=texts,
    stderr=texts,
    seconds=seconds,
    truncated=st.booleans(),
    timed_out=st.booleans(),
)
captures = st.builds(
    Capture,
    target=texts,
    started=st.just("2026-11-23T12:15:00+00:00"),
    seconds=seconds,
    tool=texts,
    questions=texts,
    asked=st.lists(texts, max_size=3).map(tuple),
    reached=st.booleans(),
    privilege=st.sampled_from(["root", "user", "unknown"]),
    privilege_detail=texts,
    cause=st.none() | st.builds(Cause, code=st.sampled_from(["cut", "refused"]), detail=texts),
    target_cpu_seconds=st.none() | seconds,
    sections=st.dictionaries(texts, sections, max_size=3),
)
