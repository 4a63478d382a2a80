# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""The base every model of edufleet stands on: frozen, closed to unknown keys, bilingual where people read it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Lang = Literal["en", "zh"]


class Frozen(BaseModel):
    """An immutable record; an unknown key is an error, never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """A text people read, in English and Chinese."""

    en: str
    zh: str

    def say(self, lang: Lang) -> str:
        """Return the text in ``lang``."""
        return self.zh if lang == "zh" else self.en
