"""REST: the catalogue and searching it."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from assist.server.errors import ApiError, ErrorBody
from extractors.catalogue import REQUEST_TYPES, Catalogue, Template
from extractors.catalogue_search import SearchHit, SearchIndex
from extractors.catalogue_search import search as search_templates
from extractors.ranking import Ranker


class FoundTemplate(BaseModel):
    """A record template that a search found. ``score`` orders the hits of one search only."""

    code: str
    title: str
    domain: str
    request_type: str
    score: float
    matched: list[str]


def catalogue_router(catalogue: Catalogue, ranker: Ranker) -> APIRouter:
    """The routes under ``/v1/catalogue``."""
    router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])
    index = SearchIndex(catalogue, ranker)
    matters = {matter.code: matter.name for matter in catalogue.matters}

    @router.get("")
    def head() -> dict[str, Any]:
        """What the catalogue is."""
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

    @router.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=200)], limit: Annotated[int, Query(ge=1, le=50)] = 10
    ) -> list[FoundTemplate]:
        """The record templates that fit a text, best first; none when nothing matches."""
        return [_found(catalogue, hit) for hit in search_templates(index, q, limit)]

    @router.get("/templates/{code}", responses={404: {"model": ErrorBody}})
    def template(code: str) -> dict[str, Any]:
        """One record template, its domain and matter by name."""
        found = catalogue.by_code.get(code)
        if found is None:
            raise ApiError(404, "unknown_template", f"目录中没有模板 {code[:40]}。")
        return _plain(found) | {"domain": catalogue.domains[found.domain].name, "matter": matters[found.matter]}

    @router.get("/slots")
    def slots() -> list[dict[str, Any]]:
        """The slots in the order of the form."""
        return [dataclasses.asdict(slot) for slot in catalogue.slots.values()]

    @router.get("/units")
    def units() -> list[dict[str, Any]]:
        """The handling units."""
        return [dataclasses.asdict(unit) for unit in catalogue.units.values()]

    return router


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
    fields["confused_with"] = [dataclasses.asdict(other) for other in template.confused_with]
    return fields
