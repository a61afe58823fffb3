"""Where everything is; a plug-in's pages are below its name."""

from django.contrib import admin
from django.urls import include, path

from shelf import plugins, views

urlpatterns = [
    path("", views.Books.as_view(), name="books"),
    path("books/<int:pk>/", views.BookPage.as_view(), name="book"),
    path("authors/<int:pk>/", views.AuthorPage.as_view(), name="author"),
    path("fault/", views.fault),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *(path(f"{name}/", include(module)) for name, module in plugins.modules().items()),
]
