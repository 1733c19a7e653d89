"""The web application: search, look at, check and correct what was read."""

from pipeline.web.app import create_app
from pipeline.web.security import is_loopback
from pipeline.web.serving import address_of, listening, serve

__all__ = ["address_of", "create_app", "is_loopback", "listening", "serve"]
