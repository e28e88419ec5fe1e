# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /zhinan
COPY . .
# The target folder is a cache and not part of the image: take the program out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/zhinan/target \
    cargo build --release --locked --bin zhinan && cp target/release/zhinan /usr/local/bin/zhinan

FROM debian:bookworm-slim
# Certificates for WeChat's API, a font for the names on printed codes; bash asks /healthz, so no
# HTTP client is needed.
RUN apt-get update && apt-get install -y --no-install-recommends bash ca-certificates fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/zhinan --create-home --shell /usr/sbin/nologin zhinan
COPY --from=build /usr/local/bin/zhinan /usr/local/bin/zhinan
USER zhinan
WORKDIR /var/lib/zhinan
ENV ZHINAN__DATA__DIR=/var/lib/zhinan ZHINAN__SERVER__LISTEN=0.0.0.0:8080
VOLUME /var/lib/zhinan
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]
ENTRYPOINT ["zhinan"]
CMD ["serve", "--config", "/etc/zhinan/zhinan.toml"]
