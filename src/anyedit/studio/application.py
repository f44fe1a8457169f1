"""The web application: which address gives which answer."""

from __future__ import annotations

from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from anyedit import __version__
from anyedit.errors import AnyEditError
from anyedit.studio import browse, comparing, review, trying, voting, watching
from anyedit.studio.answers import desk_of, fault, refusal
from anyedit.studio.desk import Desk
from anyedit.studio.guard import Guard

PAGE = files("anyedit.studio") / "page"
VIEWS = ("browse", "item", "review", "try", "compare", "watch")
KINDS = {"js": "text/javascript", "css": "text/css", "html": "text/html", "svg": "image/svg+xml"}


def create_app(desk: Desk, token: str = "") -> Starlette:
    """The studio as an ASGI application."""
    routes = [
        *(Route(f"/{view}", index_page) for view in ("", *VIEWS)),
        Route("/page/{name}", asset),
        Route("/api/about", about),
        Route("/api/facets", browse.facets),
        Route("/api/pairs", browse.pairs),
        Route("/api/item", browse.item),
        Route("/api/pictures", browse.pictures_of),
        Route("/api/picture", browse.picture),
        Route("/api/why", browse.why),
        Route("/api/review", review.state),
        Route("/api/review", review.decide, methods=["POST"]),
        Route("/api/review/before", review.before),
        Route("/api/review/export", review.export, methods=["POST"]),
        Route("/api/review/decisions.parquet", review.download),
        Route("/api/try/editors", trying.editors),
        Route("/api/try", trying.try_it, methods=["POST"]),
        Route("/api/try/save", trying.save, methods=["POST"]),
        Route("/api/compare", comparing.results),
        Route("/api/compare/items", comparing.items),
        Route("/api/compare/picture", comparing.picture),
        Route("/api/vote", voting.ballot),
        Route("/api/vote", voting.vote, methods=["POST"]),
        Route("/api/vote/picture", voting.picture),
        Route("/api/vote/ranking", voting.ranking),
        Route("/api/watch", watching.places),
        Route("/api/watch/build", watching.build),
        Route("/api/watch/training", watching.training),
        Route("/api/watch/sample", watching.sample),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, token=token)],
        exception_handlers={AnyEditError: refusal, Exception: fault},
    )
    app.state.desk = desk
    return app


def index_page(request: Request) -> Response:
    """The one page; what it shows is in its address."""
    return Response(
        (PAGE / "index.html").read_bytes(), media_type="text/html", headers={"cache-control": "no-cache"}
    )


def asset(request: Request) -> Response:
    """A file of the page, by its name in the package: nothing else can be named."""
    name = request.path_params["name"]
    known = {entry.name: entry for entry in PAGE.iterdir() if entry.is_file()}
    if name not in known:
        return PlainTextResponse("no such file", status_code=404)
    kind = KINDS[name.rsplit(".", 1)[-1]]
    return Response(known[name].read_bytes(), media_type=kind, headers={"cache-control": "no-cache"})


def about(request: Request) -> Response:
    """What there is to look at, and the edit types."""
    from anyedit.edits import edit_types

    places = [{"name": place.name, "kind": place.kind} for place in desk_of(request).places()]
    types = [
        {"name": kind.name, "group": kind.group, "summary": kind.summary, "example": kind.example}
        for kind in edit_types().values()
    ]
    return JSONResponse({"version": __version__, "places": places, "types": types})
