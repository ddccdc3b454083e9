"""Release packages and record packages. What they say is made of the releases alone, so the same graph gives the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from ocdsmerge import Merger

from schemas.settings import Settings
from services.exports.ocds.extension import METADATA
from services.exports.ocds.releases import Exported
from services.exports.ocds.values import Fields
from services.imports.ocds.rules import RULES

VERSION: Final = "1.1"
_EXTENSIONS: Final = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS: Final = (
    f"{_EXTENSIONS}/ocds_lots_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_requirements_extension/master/extension.json",
    f"{_EXTENSIONS}/ocds_location_extension/v1.1.5/extension.json",
)
"""What readers may fetch to know the terms; nothing here fetches them."""
UNPUBLISHED: Final = "1970-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes, and at which address: `address` ends without a slash."""

    publisher: str
    address: str
    license: str = ""
    policy: str = ""

    def head(self, uri: str, date: str) -> Fields:
        """The fields of a package around its releases or records."""
        found: Fields = {
            "uri": uri,
            "version": VERSION,
            "extensions": [*EXTENSIONS, f"{self.address}/extension/{METADATA}"],
            "publishedDate": date,
            "publisher": {"name": self.publisher},
        }
        if self.license:
            found["license"] = self.license
        if self.policy:
            found["publicationPolicy"] = self.policy
        return found


def publication_of(settings: Settings) -> Publication:
    """Who publishes by these settings, and where."""
    return Publication(
        publisher=settings.ocds_publisher,
        address=f"{root_of(settings)}/v1/ocds",
        license=settings.ocds_license,
        policy=settings.ocds_policy,
    )


def root_of(settings: Settings) -> str:
    """The address of the API as others see it, without a slash at its end."""
    return (settings.public_url or f"http://{settings.api_host}:{settings.api_port}").rstrip("/")


def release_package(exported: Exported, publication: Publication) -> Fields:
    """A demand's releases as a package."""
    uri = f"{publication.address}/releases/{quote(exported.ocid, safe='')}"
    return {**publication.head(uri, _latest(exported.releases)), "releases": list(exported.releases)}


def record_package(exported: Exported, publication: Publication) -> Fields:
    """A demand's record: its releases, the release that they merge into, and every value that was."""
    uri = f"{publication.address}/records/{quote(exported.ocid, safe='')}"
    record: Fields = {
        "ocid": exported.ocid,
        "releases": list(exported.releases),
        "compiledRelease": compiled(exported.releases),
        "versionedRelease": _merger().create_versioned_release(list(exported.releases)),
    }
    return {**publication.head(uri, _latest(exported.releases)), "records": [record]}


def compiled(releases: Sequence[Fields]) -> Fields:
    """The release that these merge into, by ocdsmerge."""
    return _merger().create_compiled_release(list(releases))


def _merger() -> Merger:
    return Merger(merge_rules=RULES)


def _latest(releases: Sequence[Mapping[str, object]]) -> str:
    return max((str(release["date"]) for release in releases), default=UNPUBLISHED)
