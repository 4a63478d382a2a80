# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The tables of the newest revision; ``migrations/`` is how a database gets there."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

HEAD = "0001"
"""The newest revision in ``migrations/versions``, kept here so that opening a database need not load Alembic."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Utc(TypeDecorator[datetime]):
    """A moment, as microseconds since 1970 UTC: the same on every database, and sortable."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - its interface
        """Store; a datetime without time zone is a TypeError."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its interface
        """Load."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Words(TypeDecorator[str]):
    """Text that may come from a target: what a database would refuse (lone surrogates, NUL) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - its interface
        """Store."""
        return value if value is None else storable(value)


def storable(text: str) -> str:
    """Return the text as every database takes it."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd")


metadata = MetaData()

# Columns stand in the order of the record's fields: rows become records by position.
run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("started", Utc, nullable=False),
    Column("finished", Utc),
    Column("scope", Words, nullable=False),
    Column("profile", Words, nullable=False),
    Column("tool", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("summary_json", Words),
)

host = Table(
    "host",
    metadata,
    Column("run", Text, ForeignKey("run.id"), primary_key=True),
    Column("host", Words, primary_key=True),
    Column("status", Text, nullable=False),
    Column("cause", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("capture", Text),
    Column("seconds", Double, nullable=False),
    sqlite_with_rowid=False,
)

result = Table(
    "result",
    metadata,
    Column("run", Text, primary_key=True),
    Column("host", Words, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", Words, primary_key=True),
    Column("item", Words, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("detail", Words, nullable=False),
    ForeignKeyConstraint(["run", "host"], ["host.run", "host.host"]),
    sqlite_with_rowid=False,
)

# The run is part of the key because two inspections may measure the same host in the same moment.
sample = Table(
    "sample",
    metadata,
    Column("host", Words, primary_key=True),
    Column("at", Utc, primary_key=True),
    Column("series", Words, primary_key=True),
    Column("run", Text, ForeignKey("run.id"), primary_key=True),
    Column("value", Double, nullable=False),
    Column("total", Double),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail_json", Text, nullable=False),
    Column("prev_hash", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False),
)
