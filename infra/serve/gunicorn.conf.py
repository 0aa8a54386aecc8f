"""How gunicorn serves a town hall's own machine: `gunicorn -c infra/serve/gunicorn.conf.py "infra.serve.web:application()"`.

The application serves one request at a time, as in a Lambda, so each worker is a process. They share what was imported
before they parted. The proxy takes slow phones: a sync worker must never wait for one.
"""

from infra.serve.home import from_environment

home = from_environment()
bind = f"127.0.0.1:{home.port}"
pidfile = str(home.folder / "locks" / "web.pid")
workers = 3  # for two cores: one more than can run, since most of a request is waiting for the tables
worker_class = "sync"
preload_app = True
timeout = 40  # seconds; 29 on AWS
graceful_timeout = 30
max_requests, max_requests_jitter = 20_000, 2_000
limit_request_line = 8190
umask = 0o007  # the vault's user is of the group
worker_tmp_dir = "/dev/shm"
control_socket_disable = True  # nobody steers it from outside
