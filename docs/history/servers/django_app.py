import os
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="cors-conformance",
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=["corsheaders.middleware.CorsMiddleware"],
    CORS_ALLOWED_ORIGINS=["https://app.example"],
    CORS_ALLOW_CREDENTIALS=True,
)
django.setup()
urlpatterns = [path("items", lambda request: JsonResponse({}))]
make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application()).serve_forever()
