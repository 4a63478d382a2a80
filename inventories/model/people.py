# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Who answers for things, and when: contacts, rotas, administrators, calendars."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from inventories.base import Frozen, Text
from inventories.model.base import Clock, Date, Listed, Moment, MomentAfter, Name, Named, Part

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WindowKind = Literal["term", "exam", "peak", "freeze", "maintenance"]


class Contact(Listed):
    """A person or team to call."""

    label: ClassVar = "contact"
    section: ClassVar = "contacts"

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    name: Text = Field(description="Name.")
    department: Text | None = Field(default=None, description="Department it belongs to.")
    phone: str | None = Field(default=None, description="Telephone, as dialled.")
    email: str | None = Field(default=None, description="Mail address.")


class Administrators(Frozen):
    """The three separate administrators that MLPS asks for (三员分立), as contact ids."""

    system: Name | None = Field(default=None, description="System administrator (系统管理员).")
    audit: Name | None = Field(default=None, description="Audit administrator (审计管理员).")
    security: Name | None = Field(default=None, description="Security administrator (安全管理员).")


class Shift(Part):
    """A time of the week in which somebody is on call."""

    label: ClassVar = "shift"

    id: Name = Field(description="Id, unique in its rota.")
    days: tuple[Day, ...] = Field(default=WEEK, min_length=1, description="Days on which it starts.")
    start: Clock = Field(default="00:00", description="Start, HH:MM.")
    end: Clock = Field(default="24:00", description="End, HH:MM; not after the start: on the next day.")
    contacts: tuple[Name, ...] = Field(min_length=1, description="Contact ids that take turns week by week.")


class Rota(Listed):
    """Who is on call when (值班表)."""

    label: ClassVar = "rota"
    section: ClassVar = "rotas"

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    name: Text = Field(description="Name.")
    timezone: str | None = Field(default=None, description="IANA time zone of its shifts; None: the authority's.")
    since: Date | None = Field(default=None, description="A day of the week in which the first contact has its turn.")
    shifts: Annotated[tuple[Shift, ...], Named] = Field(description="Shifts; where two overlap, both are called.")
    escalation: tuple[Name, ...] = Field(default=(), description="Contact ids to call next, in this order.")


class Window(Part):
    """A dated stretch of a calendar."""

    label: ClassVar = "window"

    id: Name = Field(description="Id, unique in its calendar.")
    kind: WindowKind = Field(
        description="term, exam, peak (重保), freeze (封网: no change), maintenance (changes planned)."
    )
    name: Text | None = Field(default=None, description="Name.")
    start: Moment = Field(description="Start, local date and time; a date alone is its midnight.")
    end: MomentAfter = Field(description="End, local date and time; a date alone includes that day.")

    @model_validator(mode="after")
    def _ordered(self) -> "Window":
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("give local times without a zone; the authority's or calendar's zone holds")
        if self.end <= self.start:
            raise ValueError("the end must be after the start")
        return self


class Calendar(Listed):
    """Dated windows that hold for the region that declares it and everything under it."""

    label: ClassVar = "calendar"
    section: ClassVar = "calendars"

    id: Name = Field(description="Id, unique in the inventory.")
    region: str = Field(description="Path of the region that declares it.")
    name: Text = Field(description="Name.")
    windows: Annotated[tuple[Window, ...], Named] = Field(default=(), description="Windows.")
