# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Open the history database: private file, write-ahead log, newest schema, errors that people understand."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError

from fleet.history.schema import HEAD
from fleet.settings import Settings
from inventories.errors import BadInput, CouldNotFinish

_BUSY_SECONDS = 30.0
"""How long a writer waits for another one; a bulk insert of a large province takes a few seconds."""


def connect(settings: Settings) -> Engine:
    """Return an engine on the history database, made or migrated if need be.

    Several processes may do this at once.

    Raises:
        BadInput: the URL cannot be used, or the database was written by a newer edufleet.
        CouldNotFinish: the database refused.

    """
    url = _url(settings)
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _server(url)
    with _speaking(engine):
        if _revision(engine) != HEAD:
            _migrate(engine, settings)
    return engine


@contextmanager
def _speaking(engine: Engine) -> Iterator[None]:
    """Turn what the database driver raises into :class:`CouldNotFinish`."""
    try:
        yield
    except DBAPIError as problem:
        raise CouldNotFinish(
            f"history database: {str(problem.orig).strip()}",
            where=engine.url.database if engine.name == "sqlite" else engine.url.render_as_string(),
            hint="check free space, permissions and other edufleet processes; state may be moved with EDUFLEET_STATE",
        ) from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that holds the write lock from its start, so it never has to start over."""
    with (
        _speaking(engine),
        engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the database throughout."""
    with _speaking(engine), engine.connect() as connection:
        if engine.name == "postgresql":  # SQLite always does
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _url(settings: Settings) -> URL:
    if settings.database is None:
        return URL.create("sqlite", database=str(settings.database_file))
    try:
        url = make_url(settings.database)
    except ArgumentError:
        raise BadInput("not a database URL", where="EDUFLEET_DATABASE", hint=_URL_HINT) from None
    if url.get_backend_name() not in {"sqlite", "postgresql"} or not url.database or url.database == ":memory:":
        raise BadInput(f"history cannot be kept in {url.render_as_string()}", where="EDUFLEET_DATABASE", hint=_URL_HINT)
    return url


_URL_HINT = "sqlite:////absolute/path.sqlite or postgresql://user@server/name"


def _server(url: URL) -> Engine:
    try:
        return create_engine(url)
    except ModuleNotFoundError as problem:
        raise BadInput(
            f"no driver for {url.drivername}: {problem}",
            where="EDUFLEET_DATABASE",
            hint="install it beside edufleet, e.g. pip install 'psycopg[binary]'",
        ) from None


def _sqlite(url: URL) -> Engine:
    # SQLite gives its -wal and -shm files the mode of this one.
    _private_file(Path(str(url.database)))
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # BEGIN is said below, not guessed by the driver
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        try:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except (OperationalError, ProgrammingError):  # no such table; anything worse shows when migrating
            return None


def _migrate(engine: Engine, settings: Settings) -> None:
    from alembic import command  # noqa: PLC0415 - costs 0.1 s at start-up, needed once per release
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    lock_file = settings.state / "history.lock"
    _private_file(lock_file)
    with lock_file.open() as lock:
        flock(lock, LOCK_EX)
        found = _revision(engine)
        if found is not None and found not in known:
            raise BadInput(
                f"the history was written by a newer edufleet (schema {found}, this one knows {HEAD})",
                where=engine.url.render_as_string(),
                hint="upgrade edufleet, or set EDUFLEET_STATE to another directory",
            )
        if engine.name == "sqlite":
            with closing(engine.raw_connection()) as raw:  # not allowed in a transaction; stays set in the file
                raw.cursor().execute("PRAGMA journal_mode = WAL")
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _private_file(path: Path) -> None:
    try:
        path.touch(mode=0o600)  # does not open a file that exists: closing it would drop SQLite's locks on it
        path.chmod(0o600)  # whatever the umask is
    except OSError as problem:
        raise BadInput(f"cannot keep history here: {problem.strerror}", where=str(path)) from None
