# The roles of Tandem for production: node, worker, web, migrate. PostgreSQL and Temporal stand beside it (docker-compose.yml).
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-X main.commit=$COMMIT" -o /out/tandem ./cmd/tandem

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --no-install-recommends -y ca-certificates ffmpeg tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /data tandem
COPY --from=build /out/tandem /usr/local/bin/tandem
USER tandem
ENV TANDEM_DATA=/data
VOLUME /data
ENTRYPOINT ["/usr/local/bin/tandem"]
CMD ["--help"]
