# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

"""Edits an inventory's files entry by entry; comments, order and everything not edited stay as they are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inventories.book import Book, Record, find
from inventories.editing import splice
from inventories.editing.rewriting import difference, text_of, write
from inventories.editing.splice import Value
from inventories.editing.trial import in_place, trial
from inventories.errors import BadInput, CouldNotFinish
from inventories.findings import Finding, InventoryErrors, Place, Rule, did_you_mean
from inventories.loader import read
from inventories.model import ROOT, Group, Listed, Site
from inventories.reading.files import SUFFIXES
from inventories.reading.shape import writable
from inventories.validate import validate

__all__ = ["Edit", "EditErrors", "apply", "difference", "write"]

_BOM = "\ufeff"
REGION = ("region",)
INHERITED = Rule("INV-EDIT-001", "error", "change it where it comes from, or give the entry a value of its own")
_Arrival = tuple[str, Mapping[str, Value]]
# What decides which defaults an asset takes.
_DECISIVE = frozenset({"site", "groups"})


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: ``value`` at ``path`` of an entry.

    ``path`` leads through fields and keys, e.g. ``("rack",)`` or ``("hardware", "memory_gib")``; ``()`` is the whole
    entry, whose value is a mapping for a new one; ``("region",)`` moves the entry. ``value`` is what a file would say:
    dates and addresses are text. None takes the entry's own value away, so that it inherits again. ``region`` is where
    a new entry is written; an existing one is found by its id.
    """

    kind: type[Listed]
    id: str
    region: str
    path: tuple[str, ...]
    value: Value

    @property
    def title(self) -> str:
        """What it changes, for messages."""
        return f"{self.kind.label} {self.id!r}" + (f": {'.'.join(self.path)}" if self.path else "")


class EditErrors(InventoryErrors):
    """The edits would leave an inventory with errors; ``culprits`` has the edit that wrote what a finding blames."""

    def __init__(self, findings: Sequence[Finding], culprits: Mapping[Finding, Edit]) -> None:
        super().__init__(findings)
        self.culprits = culprits


def apply(directory: Path, edits: Sequence[Edit]) -> Mapping[Path, str]:
    """Return the new text of each file that changes; nothing is written.

    A value equal to what the entry inherits is not written. Raises BadInput for an edit of what is not there and for
    text that cannot be changed in place, EditErrors when the result would not load and when a value that is to be taken
    away is inherited.
    """
    draft = _Draft(directory, read(directory))
    steps = [step for edit in edits for step in draft.steps(edit)]
    draft.refuse_unknown(steps)
    inherited = draft.inherited(edits)
    if inherited:
        raise EditErrors(list(inherited), inherited)
    steps = _unless_inherited(draft, steps, decisive=False)
    steps = _unless_inherited(draft, steps, decisive=True)
    texts = draft.texts(steps)
    with trial(directory, texts) as root:
        book = read(root)
        errors = [finding for finding in validate(book) if finding.severity == "error"]
        if errors:
            raise _told(errors, book, edits, root, directory)
    undone = [edit for edit in edits if not _done(book, edit)]
    if undone:
        raise CouldNotFinish(f"{undone[0].title} cannot be changed in the text of its file", hint="edit it by hand")
    return texts


def _unless_inherited(draft: "_Draft", steps: list[Edit], *, decisive: bool) -> list[Edit]:
    """Return ``steps``; those that set what would be inherited anyway take the own value away instead.

    What decides which defaults an asset takes is looked at after everything else.
    """
    trying = [_may_inherit(step) and (step.path[0] in _DECISIVE) == decisive for step in steps]
    if not any(trying):
        return steps
    bare = [replace(step, value=None) if on else step for step, on in zip(steps, trying, strict=True)]
    with trial(draft.directory, draft.texts(bare)) as root:
        book = read(root)
    return [
        without if on and _stands(book, step) else step for step, without, on in zip(steps, bare, trying, strict=True)
    ]


def _told(errors: Sequence[Finding], book: Book, edits: Sequence[Edit], root: Path, directory: Path) -> EditErrors:
    """Return the errors of a trial at their places in the real directory, with the edits that wrote those places."""
    wrote: dict[Place, Edit] = {}
    for edit in (leaf for whole in edits for leaf in _leaves(whole)):
        record = _record(book, edit)
        if record is not None:
            node, keys = find(record.node, edit.path)
            if len(keys) == len(edit.path):
                items = node.value if isinstance(node.value, list) else []
                for place in (node.place, node.key_place, *(item.place for item in items)):
                    wrote.setdefault(place, edit)
    findings: list[Finding] = []
    culprits: dict[Finding, Edit] = {}
    for error in errors:
        # Messages may name other places of the copy.
        message = error.message.replace(str(root), str(directory))
        findings.append(error.model_copy(update={"file": in_place(error.file, root, directory), "message": message}))
        culprit = wrote.get(Place(error.file, error.line, error.column))
        if culprit is not None:
            culprits[findings[-1]] = culprit
    return EditErrors(findings, culprits)


class _Draft:
    """The files of an inventory as edits would leave them."""

    def __init__(self, directory: Path, book: Book) -> None:
        self.directory = directory
        self.book = book
        self.originals: dict[Path, str] = {}
        self.slices: dict[tuple[Path, str], dict[str, splice.Slice]] = {}

    def steps(self, edit: Edit) -> Iterator[Edit]:
        """Yield an edit as what is to be done value by value, nothing where it stands already where it is to stand."""
        record = _record(self.book, edit)
        if edit.path == REGION:
            yield from () if record is not None and edit.value == record.region else (edit,)
        elif edit.path or edit.value is None:
            if edit.path and edit.path[0] not in writable(edit.kind):
                hint = did_you_mean(edit.path[0], writable(edit.kind))
                raise BadInput(f"{edit.kind.label} {edit.id!r} has no field {edit.path[0]!r} to write", hint=hint)
            yield edit
        elif record is not None:
            raise BadInput(f"{edit.title} is already there", where=_where(record))
        elif isinstance(edit.value, Mapping):
            inherits = edit.kind.inherits
            yield replace(edit, value={key: value for key, value in edit.value.items() if key not in inherits})
            for key, value in edit.value.items():
                if key in inherits and isinstance(value, Mapping):
                    yield from (replace(edit, path=(key, name), value=inner) for name, inner in value.items())
                elif key in inherits:
                    yield replace(edit, path=(key,), value=value)

    def refuse_unknown(self, steps: Sequence[Edit]) -> None:
        """Raise BadInput when a step is about an entry that neither is there nor is made by another step."""
        made = {(step.kind, step.id) for step in steps if not step.path and step.value is not None}
        for step in steps:
            if _record(self.book, step) is None and (step.kind, step.id) not in made:
                hint = did_you_mean(step.id, self.book.by_id(step.kind))
                raise BadInput(f"there is no {step.kind.label} {step.id!r}", hint=hint)

    def inherited(self, edits: Sequence[Edit]) -> dict[Finding, Edit]:
        """Return the edits that would take away what the entry has from elsewhere, with what tells so."""
        found: dict[Finding, Edit] = {}
        for edit in edits:
            record = _record(self.book, edit)
            if record is None or edit.value is not None or not edit.path or _resolved(self.book, edit) is None:
                continue
            file = Path(record.node.file)
            unit = self._slices(file, edit.kind.section)[edit.id].of(self._text(file))
            path = (edit.id, *edit.path)
            if _said(unit, path) is None and _said(unit, (*path[:-1], f"{path[-1]}+")) is None:
                found[INHERITED.found(record.place(*edit.path), f"{edit.title} is not its own value")] = edit
        return found

    def texts(self, steps: Sequence[Edit]) -> dict[Path, str]:
        """Return the files that differ once ``steps`` are done."""
        texts: dict[Path, str] = {}
        leaving: dict[tuple[Path, str], list[str]] = {}
        arriving: dict[tuple[Path, str], list[_Arrival]] = {}
        changed: dict[Path, list[tuple[splice.Slice, str]]] = {}
        for (kind, entry, _), own in _by_entry(steps).items():
            record = _record(self.book, own[0])
            home = self._moves_to(kind, record, own)
            if home is not None:
                arriving.setdefault((home, kind.section), []).append((entry, _new(own, kind)))
            if record is not None:
                file = Path(record.node.file)
                here = self._slices(file, kind.section)[entry]
                unit = here.of(self._text(file))
                for step in own:
                    unit = unit if step.path in {(), REGION} else _edited(unit, step, record)
                changed.setdefault(file, []).append((here, here.back(unit)))
                if any(step.path in {(), REGION} for step in own):
                    leaving.setdefault((file, kind.section), []).append(entry)
        for file, units in changed.items():
            texts[file] = _with_units(self._text(file), units)
        moved: dict[tuple[str, str], str] = {}
        for (file, section), names in leaving.items():
            texts[file], taken = splice.without(texts[file], section, names)
            moved |= {(section, name): text for name, text in taken.items()}
        for (file, section), entries in arriving.items():
            texts[file] = _extended(texts.get(file, self._text(file)), file, section, entries, moved)
        return {file: self._as_it_was(file, text) for file, text in texts.items() if text != self._text(file)}

    def _moves_to(self, kind: type[Listed], record: Record[Any] | None, steps: Sequence[Edit]) -> Path | None:
        """Return the file that an entry comes into: a new one, or one that goes to another region."""
        regions = [str(step.value) for step in steps if step.path == REGION]
        if record is not None:
            return self._home(kind, regions[-1]) if regions else None
        return self._home(kind, steps[0].region)

    def _text(self, file: Path) -> str:
        """Return what a file says, with plain line ends and without a byte order mark."""
        if file not in self.originals:
            self.originals[file] = text_of(file)
        text = self.originals[file].removeprefix(_BOM)
        return text.replace("\r\n", "\n") if _is_crlf(text) else text

    def _as_it_was(self, file: Path, text: str) -> str:
        original = self.originals[file]
        text = text.replace("\n", "\r\n") if _is_crlf(original) else text
        return _BOM + text if original.startswith(_BOM) else text

    def _slices(self, file: Path, section: str) -> dict[str, splice.Slice]:
        if (file, section) not in self.slices:
            self.slices[file, section] = splice.slices(self._text(file), section)
        return self.slices[file, section]

    def _home(self, kind: type[Listed], region: str) -> Path:
        """Return the file in which a new entry of a region is written: where most of its kind are."""
        known = {record.id for record in self.book.regions} | {ROOT}
        if region not in known:
            hint = did_you_mean(region, known) or "make the directory first, with a file that says: region: {...}"
            raise BadInput(f"there is no region {region!r}", hint=hint)
        beside = Counter(record.node.file for record in self.book.of(kind) if record.region == region)
        if beside:
            return Path(beside.most_common(1)[0][0])
        here = self.directory / region
        files = sorted(path for path in here.iterdir() if path.suffix in SUFFIXES and not path.name.startswith("."))
        return files[0] if len(files) == 1 else here / f"{kind.section}.yml"


def _edited(unit: str, step: Edit, record: Record[Any]) -> str:
    """Return the text of one entry after a step; a list that is written by what it adds stays so if it can."""
    path = (step.id, *step.path)
    adding = (*path[:-1], f"{path[-1]}+")
    added = _said(unit, adding)
    try:
        if added is None and step.value is not None:
            return unit if splice.same(_said(unit, path), step.value) else splice.put(unit, path, step.value)
        if isinstance(added, tuple) and isinstance(step.value, list | tuple):
            whole = find(record.node, step.path)[0].plain()
            below = len(whole) - len(added)
            if splice.same(whole[:below], step.value[:below]) and len(step.value) > below:
                return splice.put(unit, adding, step.value[below:])
        for own in (path, adding):
            unit = _dropped(unit, own) if _said(unit, own) is not None else unit
        return unit if step.value is None else splice.put(unit, path, step.value)
    except splice.CannotSpliceError as problem:
        raise BadInput(f"{step.title}: {problem}", where=_where(record), hint="edit it by hand") from problem


def _said(unit: str, path: splice.Path) -> object:
    """Return what the entry itself says at ``path``, None for nothing."""
    try:
        return splice.get(unit, path)
    except KeyError:
        return None


def _dropped(unit: str, path: splice.Path) -> str:
    """Return the entry without its own value at ``path``, and without the field that is empty then."""
    unit = splice.drop(unit, path)
    field = path[:2]
    return splice.drop(unit, field) if len(path) == len(field) + 1 and splice.get(unit, field) == {} else unit


def _new(steps: Sequence[Edit], kind: type[Listed]) -> Mapping[str, Value]:
    """Return what is to be written of a new entry, in the order of its fields."""
    entry: dict[str, Any] = {}
    for step in steps:
        if not step.path and isinstance(step.value, Mapping):
            entry |= step.value
        elif step.value is not None:
            *way, last = step.path
            inner = entry
            for key in way:
                inner[key] = dict(inner.get(key, {}))
                inner = inner[key]
            inner[last] = step.value
    stated = {key: value for key, value in entry.items() if value is not None}
    order = list(kind.model_fields)
    return dict(sorted(stated.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def _with_units(text: str, units: Sequence[tuple[splice.Slice, str]]) -> str:
    """Return the text of a file with other texts for some of its entries."""
    for here, unit in sorted(units, key=lambda one: one[0].start, reverse=True):
        text = text[: here.start] + unit + text[here.end :]
    return text


def _extended(
    text: str, file: Path, section: str, entries: Sequence[_Arrival], moved: Mapping[tuple[str, str], str]
) -> str:
    """Return the text of a file with entries more: ``moved`` ones as they were, new ones like those that are there."""
    flat = splice.on_one_line(text, section)
    blocks = [moved.get((section, name)) or splice.block(name, value, on_one_line=flat) for name, value in entries]
    try:
        return splice.with_blocks(text, section, blocks)
    except splice.CannotSpliceError as problem:
        raise BadInput(str(problem), where=str(file), hint="edit it by hand") from problem


def _by_entry(steps: Sequence[Edit]) -> dict[tuple[type[Listed], str, str], list[Edit]]:
    grouped: dict[tuple[type[Listed], str, str], list[Edit]] = {}
    for step in steps:
        region = step.region if step.kind is Group else ""
        grouped.setdefault((step.kind, step.id, region), []).append(step)
    return grouped


def _record(book: Book, edit: Edit) -> Record[Any] | None:
    """Return the entry an edit is about; of a group, which several regions may declare, the one of its region."""
    if edit.kind is Group:
        return next((one for one in book.of(Group) if (one.id, one.region) == (edit.id, edit.region)), None)
    return book.by_id(edit.kind).get(edit.id)


def _may_inherit(step: Edit) -> bool:
    """Tell whether a step sets a value that could come from elsewhere: from defaults, or from a range of racks."""
    if step.value is None or not step.path:
        return False
    return step.path[0] in step.kind.inherits or (step.kind is Site and step.path[0] in {"vlans", "rooms"})


def _resolved(book: Book, edit: Edit) -> object:
    """Return the value at an edit's path as it is after inheritance; None where there is nothing."""
    record = _record(book, edit)
    if record is None:
        return None
    node, keys = find(record.node, edit.path)
    return node.plain() if len(keys) == len(edit.path) else None


def _holds(there: object, value: Value) -> bool:
    """Tell whether what is there says ``value``; a mapping may say more."""
    if isinstance(value, Mapping) and isinstance(there, Mapping):
        return all(inner is None or _holds(there.get(key), inner) for key, inner in value.items())
    return splice.same(there, value)


def _stands(book: Book, edit: Edit) -> bool:
    """Tell whether the value of an edit is what the entry has, written or inherited; no list at all is an empty one."""
    there = _resolved(book, edit)
    empty = isinstance(edit.value, list | tuple) and not edit.value and len(edit.path) == 1
    return (there is None and empty) or _holds(there, edit.value)


def _done(book: Book, edit: Edit) -> bool:
    if edit.path == REGION:
        return _record(book, replace(edit, region=str(edit.value))) is not None
    if edit.value is None:
        return bool(edit.path) or _record(book, edit) is None
    return _stands(book, edit)


def _leaves(edit: Edit) -> Iterator[Edit]:
    """Yield the edit itself and, for a mapping, an edit per value in it, the innermost first."""
    if isinstance(edit.value, Mapping):
        for key, value in edit.value.items():
            yield from _leaves(replace(edit, path=(*edit.path, key), value=value))
    yield edit


def _where(record: Record[Any]) -> str:
    place = record.place()
    return f"{place.file}:{place.line}"


def _is_crlf(text: str) -> bool:
    return "\r\n" in text and text.count("\r\n") == text.count("\n")
