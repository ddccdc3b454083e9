"""What the routes stand on, opened once per process and handed to them by FastAPI."""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final

import structlog
from fastapi import Depends, Path, Request

from graph.driver import Graph
from graph.due import stored_rules
from graph.knowledge import Knowledge
from schemas.base import Id
from schemas.errors import UnavailableError
from schemas.settings import Settings
from services.access.door import Door
from services.api.links import Links
from services.api.news import News
from services.api.versions import Versions
from streams.publish import Publisher

log = structlog.get_logger()
KNOWLEDGE_SECONDS: Final = 5.0


@dataclass(slots=True)
class Services:
    """Settings, the graph, the log, the rules of matching and what is made of them."""

    settings: Settings
    graph: Graph
    publisher: Publisher
    knowledge: Knowledge
    links: Links = field(init=False)
    versions: Versions = field(init=False)
    news: News = field(init=False)
    door: Door = field(init=False)

    def __post_init__(self) -> None:
        self.door = Door(self.settings, self.graph)
        self.links = Links(self.settings)
        self.versions = Versions(self.graph)
        self.news = News(self.graph)

    def today(self) -> date:
        """The date that validity is judged by."""
        return self.settings.current_date()

    async def follow_rules(self) -> None:
        """Take over the product-class tree whenever another one is loaded into the graph; runs until cancelled."""
        while True:
            try:
                changed = await stored_rules(self.graph, self.knowledge)
                if changed is not None:
                    self.knowledge = changed
                    log.info("api.rules-changed", version=changed.version)
            except UnavailableError as error:
                log.debug("api.rules-unknown", error=error.detail)
            await asyncio.sleep(KNOWLEDGE_SECONDS)


def services_of(request: Request) -> Services:
    """The services of the app that answers."""
    return request.app.state.services


Deps = Annotated[Services, Depends(services_of)]
SubjectId = Annotated[Id, Path(description="Its id.")]
