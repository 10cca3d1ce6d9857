# ruff: noqa: N999 the name is gunicorn's
"""gunicorn 27 for the api: threads, because a request waits for a service most of its time."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 32
worker_connections = 1000
# each worker makes its own connections, so nothing may be made before the fork
preload_app = False
control_socket_disable = True
accesslog = None
graceful_timeout = 10
timeout = 60
keepalive = 30
limit_request_line = 4096
