"""REST: the catalogue, searching it and reading it anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Collection
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from assist.config import ConfigError
from assist.server.bodies import BoundedRoute
from assist.server.errors import ApiError, ErrorBody
from assist.server.origin import origin_allowed
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue, Template
from extractors.catalogue.yaml_files import CatalogueError
from extractors.matching.search import SearchHit, SearchIndex
from extractors.matching.search import search as search_templates


class TemplateSearch(BaseModel):
    """What to search for. It travels in the body: what an agent types may name a citizen, and addresses are logged."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class FoundTemplate(BaseModel):
    """A record template that a search found. ``score`` orders the hits of one search only."""

    code: str
    title: str
    domain: str
    request_type: str
    score: float
    matched: list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Current:
    """The catalogue in use and the index it is searched by."""

    catalogue: Catalogue
    index: SearchIndex


def catalogue_router(
    current: Callable[[], Current], reload: Callable[[], Awaitable[Current]], allowed_origins: Collection[str]
) -> APIRouter:
    """The routes under ``/v1/catalogue``. ``reload`` reads the catalogue anew and takes it into use."""
    router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"], route_class=BoundedRoute)

    @router.get("")
    def head() -> dict[str, Any]:
        """What the catalogue is."""
        return _head(current().catalogue)

    @router.post("/reload", responses={403: {"model": ErrorBody}, 422: {"model": ErrorBody}})
    async def reloaded(request: Request) -> dict[str, Any]:
        """Read the catalogue anew. Calls in progress go on with the one they began with; new ones use the new one.

        One that cannot be read changes nothing; the answer names what is wrong.
        """
        if not origin_allowed(request.headers, allowed_origins):
            raise ApiError(403, "forbidden", "不允许从该网页操作。")
        try:
            return _head((await reload()).catalogue)
        except (CatalogueError, ConfigError) as error:
            raise ApiError(422, "bad_catalogue", "目录有误，仍使用原目录。", str(error)) from error

    @router.post("/search", responses={413: {"model": ErrorBody}, 422: {"model": ErrorBody}})
    def search(wanted: TemplateSearch, response: Response) -> list[FoundTemplate]:
        """The record templates that fit a text, best first; none when nothing matches."""
        response.headers["Cache-Control"] = "no-store"
        now = current()
        return [_found(now.catalogue, hit) for hit in search_templates(now.index, wanted.text, wanted.limit)]

    @router.get("/templates/{code}", responses={404: {"model": ErrorBody}})
    def template(code: str) -> dict[str, Any]:
        """One record template, its domain and matter by name."""
        catalogue = current().catalogue
        found = catalogue.by_code.get(code)
        if found is None:
            raise ApiError(404, "unknown_template", f"目录中没有模板 {code[:40]}。")
        names = {"domain": catalogue.domains[found.domain].name, "matter": catalogue.by_matter[found.matter].name}
        return _plain(found) | names

    @router.get("/slots")
    def slots() -> list[dict[str, Any]]:
        """The slots in the order of the form."""
        return [dataclasses.asdict(slot) for slot in current().catalogue.slots.values()]

    @router.get("/units")
    def units() -> list[dict[str, Any]]:
        """The handling units."""
        return [dataclasses.asdict(unit) for unit in current().catalogue.units.values()]

    return router


def _head(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": catalogue.name,
        "name_en": catalogue.name_en,
        "version": catalogue.version,
        "city": catalogue.city,
        "note": catalogue.note,
        "domains": [domain.name for domain in catalogue.domains.values()],
        "request_types": list(REQUEST_TYPES),
        "templates": len(catalogue.templates),
    }


def _found(catalogue: Catalogue, hit: SearchHit) -> FoundTemplate:
    template = hit.template
    return FoundTemplate(
        code=template.code,
        title=template.title,
        domain=catalogue.domains[template.domain].name,
        request_type=template.request_type,
        score=hit.score,
        matched=list(hit.matched),
    )


def _plain(template: Template) -> dict[str, Any]:
    fields = {field.name: getattr(template, field.name) for field in dataclasses.fields(template)}
    fields["asks"] = dict(template.asks)
    fields["unit_exceptions"] = [dataclasses.asdict(other) for other in template.unit_exceptions]
    fields["confused_with"] = [dataclasses.asdict(other) for other in template.confused_with]
    return fields
