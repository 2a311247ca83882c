# 惠客 CRM for a server: one image for web, worker, beat and the one-shot migrate.
# Build: docker build -t huike-crm .

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1
RUN pip install uv==0.13.9 && python -m venv --without-pip /opt/venv
WORKDIR /app
COPY pyproject.toml requirements.lock ./
# The product's dependencies only, at the versions and hashes of the lock; babel compiles messages.
RUN uv pip install --python /opt/venv/bin/python --require-hashes -r pyproject.toml \
        --constraint requirements.lock \
    && uv pip install --target /opt/tools --no-deps --constraint requirements.lock babel
COPY . .
# DEMO stands in for the secrets while files are collected; nothing of it stays in the image.
RUN PYTHONPATH=/opt/tools /opt/venv/bin/python -m tools.messages compile \
    && DEMO=1 DATABASE_URL=postgresql://none@none/none REDIS_URL=redis://none DATA_DIR=/tmp \
        STATIC_ROOT=/app/staticfiles /opt/venv/bin/python manage.py collectstatic --noinput \
    && /opt/venv/bin/python -m compileall -q crm customers products risk marketing

FROM python:3.13-slim-bookworm
# Printed quotes as PDF: Pango for WeasyPrint, fontconfig, and a font with Chinese characters.
# Security fixes of the distribution are wanted, so versions are not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fontconfig fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && fc-cache --force
RUN useradd --system --uid 10001 --user-group --home-dir /app --no-create-home --shell /usr/sbin/nologin crm \
    && install --directory --owner=crm --group=crm --mode=0700 /data
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/staticfiles \
    WEB_BIND=0.0.0.0:8000 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "runner.probe"]
CMD ["gunicorn", "crm.wsgi"]
