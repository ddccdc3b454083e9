# syntax=docker/dockerfile:1
# Peyvand's own processes: API, workers, command line. Kafka and Neo4j are images of their own (docker-compose.yml).
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir uv
COPY requirements.lock pyproject.toml README.md ./
RUN /venv/bin/uv pip sync --python /venv/bin/python --require-hashes requirements.lock
COPY schemas schemas
COPY graph graph
COPY streams streams
COPY services services
RUN /venv/bin/uv pip install --python /venv/bin/python --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/peyvand --create-home peyvand
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PEYVAND_LOG_JSON=true PEYVAND_DATA_DIR=/var/lib/peyvand
USER 10001
WORKDIR /var/lib/peyvand
EXPOSE 8400
ENTRYPOINT ["peyvand"]
CMD ["--help"]
