from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route


async def items(request):
    return JSONResponse({})


app = Starlette(
    routes=[Route("/items", items, methods=["GET", "POST", "PUT", "DELETE"])],
    middleware=[
        Middleware(
            CORSMiddleware,
            allow_origins=["https://app.example"],
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
        )
    ],
)
