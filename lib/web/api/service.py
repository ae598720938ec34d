"""One request to the HTTP interface: who asks, the store they get, the form of the answer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Annotated, Any

import pandas as pd
from fastapi import Depends, Request, Response
from fastapi.security import HTTPBearer

from lib import intake
from lib.access import Actor, GuardedStore, Permission
from lib.core import months
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection, to_records
from lib.core.progress import Assessment, assess
from lib.files import csv_tables
from lib.web.api import models
from lib.web.api.faults import ApiError, invalid, require_known, unauthorised
from lib.web.api.receiving import CSV
from lib.web.backend import Backend
from lib.web.request_limit import RequestLimit

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="python -m lib.cli account token add 生成的令牌",
)


class AssessmentCache:
    """Assessments by plan and the store's stamp: one per state of a plan, not per request."""

    SIZE = 8

    def __init__(self) -> None:
        self._assessments: dict[tuple[str, Hashable], Assessment] = {}
        self._lock = Lock()

    def assessment(self, plan: str, stamp: Hashable, data: Dataset) -> Assessment:
        """Return the assessment of a dataset that was read when the stamp was."""
        key = (plan, stamp)
        with self._lock:
            if key not in self._assessments:
                while len(self._assessments) >= self.SIZE:
                    del self._assessments[next(iter(self._assessments))]
                self._assessments[key] = assess(data)
            return self._assessments[key]


@dataclass(frozen=True)
class Service:
    """What all requests share."""

    backend: Backend
    limit: RequestLimit
    assessments: AssessmentCache = field(default_factory=AssessmentCache)

    def identify(self, request: Request) -> Actor:
        """Return who asks, after the request has been counted; refuse an unknown token."""
        access = self.backend.access()
        actor = self.backend.actor(request)
        key = f"account:{actor.account}" if actor.signed_in else f"address:{actor.address}"
        if wait := self.limit.wait(key):
            raise ApiError(429, "请求太频繁，请稍后再试", headers={"Retry-After": str(wait)})
        if request.headers.get("authorization") and not actor.signed_in:
            access.trail.note(actor, "令牌", "接口", allowed=False, detail="令牌无效或已过期")
            raise unauthorised("令牌无效或已过期")
        if not actor.may(Permission.READ):
            raise access.trail.refusal(actor, Permission.READ, "接口")
        return actor


class Call:
    """A request by somebody who may read; a dependency of every route."""

    def __init__(
        self,
        request: Request,
        response: Response,
        _: Annotated[Any, Depends(_bearer)] = None,
    ) -> None:
        self.request = request
        self.response = response
        self.service: Service = request.app.state.service
        self.actor = self.service.identify(request)

    def store(self, query: models.PlanQuery) -> GuardedStore:
        """Return the store of the plan that is asked for."""
        backend = self.service.backend
        if query.plan:
            require_known("plan", query.plan, backend.plans())
        return backend.guarded(self.actor, query.plan)

    def figures(self, store: GuardedStore, query: models.FiguresQuery) -> Figures:
        """Return the figures of the month and the filters that are asked for."""
        stamp = store.stamp()
        data = intake.sound(store)
        require_known("category", query.category, data.categories)
        require_known("unit", query.unit, data.units)
        month = data.latest_month if query.month is None else months.parse(query.month)
        if month not in data.axis:
            first, last = months.text(data.axis[0]), months.text(data.axis[-1])
            raise invalid([f"month：填写的是「{query.month}」，应在 {first} 至 {last}"])
        selection = Selection(month, query.category, query.unit, query.with_narrative)
        if query.verified_only:
            return Figures(replace(data, verified_only=True), selection)
        assessment = self.service.assessments.assessment(query.plan, stamp, data)
        return Figures(data, selection, assessment)

    def wants_csv(self, query: models.OutputQuery) -> bool:
        """Return whether the answer shall be CSV, by parameter or else by header."""
        preferred = self.request.headers.get("accept", "").split(",")[0].split(";")[0].strip()
        return query.format == "csv" if query.format else preferred == CSV

    def rows(self, query: models.OutputQuery, rows: pd.DataFrame, store: GuardedStore) -> Any:
        """Return rows of figures in the form that is asked for."""
        if not self.wants_csv(query):
            return self.json(rows, store)
        lists = [name for name in ("units", "flags") if name in rows]
        return self.csv(rows.assign(**{name: rows[name].map("、".join) for name in lists}), store)

    def json(self, rows: pd.DataFrame, store: GuardedStore) -> list[dict[str, Any]]:
        """Return rows for the route's model to check and write."""
        self.response.headers["X-Plan-Revision"] = str(store.revision)
        return to_records(rows)

    def csv(self, rows: pd.DataFrame, store: GuardedStore) -> Response:
        """Return rows as a file that is named after the route."""
        name = self.request.url.path.rsplit("/", 1)[-1]
        headers = {
            "X-Plan-Revision": str(store.revision),
            "Content-Disposition": f'attachment; filename="{name}.csv"',
        }
        content = csv_tables.to_csv(csv_tables.neutralise(rows))
        return Response(content, media_type=CSV, headers=headers)
