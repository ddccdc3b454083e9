"""One entry of a taxonomy file: from what YAML gave to a ProductClass, with every fault said."""

import re
from collections.abc import Iterator
from typing import Final, cast

from graph.taxonomy.codes import SCHEMES
from graph.taxonomy.model import FORMS, LANGUAGES, ProductClass, Texts

FIELDS: Final = ("id", "en", "fa", "broader", "domain", "form", "aliases", "made_by", "codes")
_KEBAB: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class EntryReader:
    """Reads the fields of one entry; what is wrong gathers in `faults` and the field reads as empty."""

    def __init__(self, raw: dict[object, object]) -> None:
        self.raw = raw
        self.faults: list[str] = []

    def read(self) -> ProductClass:
        """Return the class. Use it only when `faults` is still empty afterwards."""
        for name in self.raw:
            if name not in FIELDS:
                self.faults.append(f"field {name!r} is unknown; the fields are {', '.join(FIELDS)}.")
        class_id = self.text("id")
        if class_id and not _KEBAB.fullmatch(class_id):
            self.faults.append(f"id {class_id!r} is not kebab-case; use a-z, 0-9 and single hyphens.")
        form = self.text("form")
        if form and form not in FORMS:
            self.faults.append(f"form {form!r} is unknown; use one of {', '.join(FORMS)}.")
        return ProductClass(
            id=class_id,
            en=self.text("en"),
            fa=self.text("fa"),
            domain=self.text("domain"),
            form=form,
            broader=self.texts("broader", self.raw.get("broader")),
            aliases=self.groups("aliases", LANGUAGES),
            made_by=self.texts("made_by", self.raw.get("made_by")),
            codes=self.codes(),
        )

    def text(self, name: str) -> str:
        """Return a required text."""
        value = self.raw.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.faults.append(f"{name} is missing; every class needs it.")
        elif not isinstance(value, str):
            self.faults.append(f"{name} is {value!r} and no text; put it in quotes.")
        else:
            return value.strip()
        return ""

    def texts(self, name: str, value: object) -> tuple[str, ...]:
        """Return an optional list of texts, none twice."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self.faults.append(f"{name} must be a list, as in [{value}].")
            return ()
        found: list[str] = []
        for each in cast("list[object]", value):
            if not isinstance(each, str) or not each.strip():
                self.faults.append(f"{name} holds {each!r}, which is no text; put it in quotes or remove it.")
            elif each.strip() in found:
                self.faults.append(f"{name} holds {each!r} twice; remove one.")
            else:
                found.append(each.strip())
        return tuple(found)

    def groups(self, name: str, keys: tuple[str, ...]) -> Texts:
        """Return an optional mapping from one of `keys` to a list of texts."""
        value = self.raw.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.faults.append(f"{name} must be a mapping with the keys {', '.join(keys)}.")
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for key, members in cast("dict[object, object]", value).items():
            if isinstance(key, str) and key in keys:
                found[key] = self.texts(f"{name}.{key}", members)
            else:
                self.faults.append(f"{name} has the unknown key {key!r}; use {', '.join(keys)}.")
        return found

    def codes(self) -> Texts:
        """Return the cross references by scheme, in the one spelling that each scheme has."""
        found = self.groups("codes", tuple(SCHEMES))
        for scheme, code in _pairs(found):
            if not SCHEMES[scheme].pattern.fullmatch(code):
                self.faults.append(f"{scheme} code {code!r} is badly written; use {SCHEMES[scheme].words}.")
        return found


def _pairs(groups: Texts) -> Iterator[tuple[str, str]]:
    for key, members in groups.items():
        for each in members:
            yield key, each
