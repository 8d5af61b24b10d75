# The commands of the README; .ci/run calls the same ones.
#
#   make demo        installs what is missing, builds, runs scripts/nightly.lua against the embedded simulator
#   make test        installs what is missing, builds, runs the tests
#   make install     a release build into PREFIX (default /usr/local)
#   make bench       measures against lua5.4, lua-cjson, orjson and the official client
#   make interop     runs the official client against the simulator
#   make test-asan   the engine's and the parser's tests under AddressSanitizer
#   make test-lua    Lua's own test suite, user mode, under vast-lua

SWIFT   ?= swift
PREFIX  ?= /usr/local
DEBUG    = .build/debug/vast-lua
RELEASE  = .build/release/vast-lua
APT      = pkg-config g++ liblua5.4-dev libsimdjson-dev libsqlite3-dev zlib1g-dev
SUDO     = $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: all deps build release test test-asan test-lua demo bench interop install clean

all: build

# Debian and its relatives by apt, macOS by Homebrew; nothing is installed when everything is there.
deps:
	@if ! { pkg-config --exists lua5.4 simdjson sqlite3 && command -v g++ >/dev/null && [ -e /usr/include/zlib.h ]; } 2>/dev/null; then \
	  if command -v apt-get >/dev/null; then \
	    echo "installing: $(APT)"; \
	    $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(APT) >/dev/null; \
	  elif command -v brew >/dev/null; then brew install pkg-config lua@5.4 simdjson sqlite; \
	  else echo "please install: pkg-config, Lua 5.4, simdjson, SQLite" >&2; exit 1; fi; \
	fi

build: deps
	$(SWIFT) build

release: deps
	$(SWIFT) build -c release --static-swift-stdlib --product vast-lua

test: deps
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

# The key in the environment is not used: the demonstration never leaves this machine.
demo: build
	env -u VAST_API_KEY -u VAST_URL $(DEBUG) --simulator scripts/nightly.lua

# XCTest itself leaks a little, which LeakSanitizer would report as ours.
test-asan: deps
	$(SWIFT) test --disable-xctest --sanitize=address --scratch-path .build-asan --filter 'LuaEngineTests|VastJSONTests'

# The suite is not ours to ship: it comes with the source of the PyPI package lupa 2.0, which carries Lua 5.4.4.
LUA_SUITE = .build/lua-suite/lupa-2.0/third-party/lua54/testes
$(LUA_SUITE):
	mkdir -p .build/lua-suite
	python3 -m pip download -q --no-deps --no-binary :all: -d .build/lua-suite lupa==2.0
	tar -xzf .build/lua-suite/lupa-2.0.tar.gz -C .build/lua-suite

test-lua: build $(LUA_SUITE)
	cd $(LUA_SUITE) && $(CURDIR)/$(DEBUG) -e '_U=true' all.lua

bench: release
	Benchmarks/run

interop: build
	VAST_LUA=$(CURDIR)/$(DEBUG) python3 Tests/Interop/official_client.py

install: release
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/vast-lua
	install -s -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/vast-lua
	cp -R scripts $(DESTDIR)$(PREFIX)/share/vast-lua/

clean:
	$(SWIFT) package clean
