# The service in a container: not root, named permissions, nothing fetched when it starts.
FROM denoland/deno:2.9.6
WORKDIR /app
RUN chown deno:deno /app && mkdir /data && chown deno:deno /data
USER deno
COPY --chown=deno:deno deno.json deno.lock ./
RUN deno install --frozen
COPY --chown=deno:deno . .
# On an address that others reach, tokens are asked for: `deno task keys create` makes the first one.
ENV HOST=0.0.0.0 PORT=8009 DATA_DIR=/data
EXPOSE 8009
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["deno", "eval", "const r = await fetch('http://127.0.0.1:8009/api/v1/health/ready'); Deno.exit(r.ok ? 0 : 1)"]
CMD ["deno", "run", "--cached-only", "--allow-net", "--allow-env", "--allow-sys", "--allow-read=/app,/data", "--allow-write=/data", "main.ts"]
