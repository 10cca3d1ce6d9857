"""The pages that members and guests see: templates, ES modules, styles and texts. Knows the public API, and no service."""

from gateway.web.pages import create_blueprint

__all__ = ["create_blueprint"]
