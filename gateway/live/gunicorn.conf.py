# ruff: noqa: N999 the name is gunicorn's
"""gunicorn 27 for live: gevent, because a process holds thousands of connections that say little."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8001')}"
worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_connections = 5000
backlog = 2048
# each worker makes its own connections, after it has been made green
preload_app = False
control_socket_disable = True
accesslog = None
graceful_timeout = 3
timeout = 60
limit_request_line = 4096
