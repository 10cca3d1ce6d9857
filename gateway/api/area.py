"""One area of the API: addresses, each the door of one command, and what the description says of them.

The service judges what a request holds and answers plain JSON, which passes through; contracts are read here for the
description only. A path's parts fill the request's fields of the same name, and the body or the query the rest.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask import Flask, Response, request
from flask_smorest import Blueprint
from werkzeug.routing import BaseConverter

from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Invalid
from gateway.api import asking, bodies, paging, tags
from gateway.api.openapi import PERMISSION

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


class IdPart(BaseConverter):
    """An id in a path; anything else is no address of ours, so it is 404 and not 422."""

    regex = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    part_isolating = True


@dataclass(frozen=True)
class Door:
    """What an address opens: the command that is asked, and whom it is asked for."""

    command: Command
    asked_by: Callable[[], Actor]


class Area:
    """A blueprint under `/api`. `doors`: `METHOD /api/rule` → what is behind it, of those that `answers` made."""

    def __init__(self, name: str, about: str) -> None:
        self.doors: dict[str, Door] = {}
        self.blueprint = Blueprint(name, __name__, description=about, url_prefix="/api")

    def answers(
        self,
        method: str,
        rule: str,
        command: Command,
        about: str,
        *,
        status: int = 200,
        asked_by: Callable[[], Actor] = asking.member,
        paged: bool = False,
    ) -> None:
        """Answer `method rule` by having `command` carried out; `paged`: with the address of the next page."""
        reads, heeds = method == "GET", tags.are_heeded(command)
        answer = tags.with_tag if tags.are_given(command) else asking.reply

        def view(**parts: str) -> Response:
            actor = asked_by()
            given = _without_link(bodies.query(request)) if reads else bodies.json_object(request)
            asked = combined(tags.expecting(request, given) if heeds else given, parts)
            answered = answer(asking.passed_on(command, asked, actor), status)
            return paging.with_next(answered) if paged else answered

        view.__name__ = f"{method.lower()}_{command.method}"
        view.__doc__ = about
        documented = self.described(
            command.request,
            command.reply,
            rule,
            status=status,
            reads=reads,
            tagged=tags.are_given(command),
            heeds=heeds,
            paged=paged,
        )
        self.blueprint.route(rule, methods=[method])(self.asks(command)(documented(view)))
        self.doors[f"{method} {self.blueprint.url_prefix}{rule}"] = Door(command, asked_by)

    def asks(self, command: Command) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Say of a view by which command's permission it is let through."""
        noted: Callable[..., Any] = self.blueprint.doc(**{PERMISSION: command.permission})
        return noted

    def described(
        self,
        asked: type[ma.Schema],
        answered: type[ma.Schema] | None,
        rule: str,
        *,
        status: int = 200,
        reads: bool = False,
        tagged: bool = False,
        heeds: bool | None = None,
        paged: bool = False,
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Say what a hand-written view takes and gives; `tagged` answers an ETag, and `heeds` If-Match (by itself: where it is tagged)."""
        parts = tuple(_PART.findall(rule))
        body = _without(asked, parts)
        headers = {**(tags.DESCRIBED if tagged else {}), **(paging.DESCRIBED if paged else {})}

        def describe(view: Callable[..., Response]) -> Callable[..., Response]:
            view = self.blueprint.response(status, answered, headers=headers or None)(view)
            if tagged if heeds is None else heeds:
                view = self.blueprint.doc(parameters=[tags.IF_MATCH])(view)
            if body._declared_fields.keys() - set(parts):
                view = self.blueprint.doc(**_given(body, reads))(view)
            return view

        return describe


def combined(given: dict[str, Any], parts: dict[str, str]) -> dict[str, Any]:
    """Body and path as one request; what the path says is not to be said again in the body."""
    twice = [name for name in parts if name in given]
    if twice:
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": "The address says this already."} for name in twice])
    return {**given, **parts}


def register_converters(app: Flask) -> None:
    """Before any blueprint is registered."""
    app.url_map.converters["id"] = IdPart


def _without_link(given: dict[str, Any]) -> dict[str, Any]:
    """`link` says who asks, not what is asked."""
    return {name: value for name, value in given.items() if name != "link"}


def _without(schema: type[ma.Schema], parts: tuple[str, ...]) -> type[ma.Schema]:
    """The same schema without the fields that the path fills, under a name of its own."""
    if not schema._declared_fields.keys() & set(parts):
        return schema
    meta = type("Meta", (schema.Meta,), {"exclude": parts})
    return type(f"{schema.__name__}Body", (schema,), {"Meta": meta})


def _given(body: type[ma.Schema], reads: bool) -> dict[str, Any]:
    if reads:
        return {"parameters": [{"in": "query", "schema": body}]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
