# docker build -t vast-lua:0.1.0 .
# docker run --rm -e VAST_API_KEY -v vast-lua-state:/state -v "$PWD/scripts:/scripts:ro" vast-lua:0.1.0 /scripts/nightly.lua
# Exact tags, not digests: where this was written no registry could be asked for one, and none is made up. To pin what a tag
# leads to, append @sha256:… as `docker buildx imagetools inspect IMAGE` shows it, here and in .github/workflows.
FROM swift:6.3.1-bookworm AS build
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      dpkg-dev fakeroot file g++ liblua5.4-dev libedit-dev libsimdjson-dev libsqlite3-dev make pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make deb

FROM debian:12.12-slim
COPY --from=build /src/dist/*.deb /tmp/
# The slim image leaves out what packages put into /usr/share/doc, and these go with the program.
COPY --from=build /src/THIRD-PARTY-NOTICES /src/packaging/vast-lua.cdx.json /src/LICENSE /usr/share/doc/vast-lua/
RUN apt-get update && apt-get install -y --no-install-recommends /tmp/*.deb && rm -rf /tmp/*.deb /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin vast-lua && install -d -o vast-lua -m 700 /state
USER 10001
ENV VAST_LUA_STATE=/state/vast-lua
VOLUME /state
ENTRYPOINT ["/usr/bin/vast-lua"]
