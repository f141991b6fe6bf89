from contextlib import asynccontextmanager

import lancedb
from fastapi import FastAPI

from .routes import router
from .seed import seed


def create_app(path: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI):
        app.state.db = lancedb.connect(path)
        seed(app.state.db)
        yield
        app.state.db = None

    app = FastAPI(lifespan=lifespan)
    app.include_router(router, prefix="/quotes")
    return app
