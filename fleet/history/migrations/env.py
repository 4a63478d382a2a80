# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Alembic's entry point: migrate on the connection that ``fleet.history.database`` opened, in its transaction."""

from alembic import context

from fleet.history.schema import metadata

# Batch mode: SQLite cannot alter a column in place.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
