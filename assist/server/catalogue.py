"""REST: the catalogue and searching it."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query

from assist.server.errors import ApiError, ErrorBody
from extractors.catalogue import Catalogue, Template
from extractors.ranking import Ranker
from extractors.ticket import RankedTemplate
from extractors.turn import Speaker, Turn


def catalogue_router(catalogue: Catalogue, ranker: Ranker) -> APIRouter:
    """The routes under ``/v1/catalogue``."""
    router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])
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
            "request_types": sorted({template.request_type for template in catalogue.templates}),
            "templates": len(catalogue.templates),
        }

    @router.get("/search")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=200)], limit: Annotated[int, Query(ge=1, le=50)] = 10
    ) -> list[RankedTemplate]:
        """The record templates that fit a text, best first; none when nothing matches."""
        return _search(catalogue, ranker, q, limit)

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


def _search(catalogue: Catalogue, ranker: Ranker, text: str, limit: int) -> list[RankedTemplate]:
    exact = catalogue.by_code.get(text.strip())
    if exact is not None:
        return [_ranked(catalogue, exact, 1.0)]
    query = ranker.query([ranker.read(Turn(0, Speaker.CITIZEN, text))])
    scores = ranker.scores(query)
    probabilities = ranker.probabilities(scores)
    best = [number for number in ranker.order(probabilities)[:limit] if scores[number] > 0]
    return [
        _ranked(catalogue, ranker.templates[number], float(probabilities[number]), ranker.matched(query, number))
        for number in best
    ]


def _ranked(
    catalogue: Catalogue, template: Template, probability: float, matched: tuple[str, ...] = ()
) -> RankedTemplate:
    domain = catalogue.domains[template.domain].name
    return RankedTemplate(template.code, template.title, domain, template.request_type, round(probability, 3), matched)


def _plain(template: Template) -> dict[str, Any]:
    fields = {field.name: getattr(template, field.name) for field in dataclasses.fields(template)}
    fields["asks"] = dict(template.asks)
    fields["confused_with"] = [dataclasses.asdict(other) for other in template.confused_with]
    return fields
