# make help lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# rustup's own folder, for shells that do not have it on their PATH.
export PATH := $(PATH):$(HOME)/.cargo/bin

JAR := cli/target/jassay.jar
CACHE := cli/target/jassay.aot
# All that the jar is made of.
SOURCES := $(shell find pom.xml .mvn proto engine server client web cli rust/Cargo.toml rust/Cargo.lock rust/engine rust/abi \
    \( -name target -o -path '*/src/test' -o -path 'rust/*/tests' \) -prune -o -type f -print)
RUST_WORKSPACES := $(patsubst %/Cargo.toml,%,$(wildcard rust/Cargo.toml rust/peers/Cargo.toml rust/peers/schema/Cargo.toml rust/faulty/Cargo.toml))

# The JDK is found anew for each command, and told once, by `tools`. The flags quiet warnings about Maven's own libraries.
MVN = JAVA_HOME="$$(bin/find-jdk --quiet)" \
    MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED $${MAVEN_OPTS-}" \
    mvn --batch-mode --no-transfer-progress

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: tools
tools:
	@bin/check-tools

.PHONY: build
build: $(CACHE) ## Build everything: one runnable jar, and the cache that makes it start fast

$(JAR): $(SOURCES) | tools
	$(MVN) --quiet package -DskipTests
	@touch $@

$(CACHE): $(JAR) bin/train-cache bin/jassay
	bin/train-cache $@

.PHONY: run
run: build ## Judge a sample over gRPC, and serve on; FILE=path: one's own data, LISTEN=host:port, HTTP=host:port
	@bin/jassay demo $(if $(LISTEN),--listen "$(LISTEN)") $(if $(HTTP),--http "$(HTTP)") $(if $(FILE),"$(FILE)")

.PHONY: test
test: tools ## Every test: Rust, Java, the page's where Node is, and clients of other languages
	cargo test --locked --manifest-path rust/Cargo.toml
	cargo test --locked --manifest-path rust/peers/Cargo.toml
	@$(MAKE) --no-print-directory instructions
	@bin/install-chromium
	$(MVN) verify
	@if command -v node >/dev/null; then node --test web/src/test/js/*.test.js; fi
	@$(MAKE) --no-print-directory interop

INSTRUCTIONS := rust/peers/instructions.txt

# Its own folder: with the features of speed, other code may come out.
.PHONY: instructions
instructions: tools ## Compare the instructions of judging with those written down, where valgrind is installed
	cargo run --quiet --release --locked --manifest-path rust/peers/Cargo.toml --target-dir rust/peers/target/instructions \
	    --bin instructions -- $(or $(DO),check) $(INSTRUCTIONS)

.PHONY: interop
interop: build ## Test with grpcurl, Python and Go clients, and run the README's examples
	interop/run

SIMDJSON := target/bench/simdjson
# From the registry of Python packages, into a folder of its own; without Python, its rows are left out.
DUCKDB := 2.0.1
# From the registry of Node's packages, into a folder inside; without npm, its rows are left out.
AJV := rust/peers/ajv

# Peers are built for this very processor, as they ask for; ours is built as it is shipped. simdjson may not be there.
.PHONY: bench
bench: build ## Measure speed and memory, into target/bench; BENCH="--scale 0.01" only tries whether it runs
	cargo build --release --locked --features speed --manifest-path rust/peers/Cargo.toml
	RUSTFLAGS="-C target-cpu=native" cargo build --release --locked --features speed --manifest-path rust/peers/Cargo.toml \
	    --target-dir rust/peers/target/native
	RUSTFLAGS="-C target-cpu=native" cargo build --release --locked --manifest-path rust/peers/schema/Cargo.toml \
	    --target-dir rust/peers/schema/target/native
	@[ -d $(AJV)/node_modules ] || ! command -v npm >/dev/null || npm ci --silent --prefix $(AJV) || rm -rf $(AJV)/node_modules
	@[ -x target/bench/python/bin/python ] || { python3 -m venv target/bench/python && \
	    target/bench/python/bin/pip install --quiet --disable-pip-version-check duckdb==$(DUCKDB); } || rm -rf target/bench/python
	@mkdir -p $(dir $(SIMDJSON)) && rm -f $(SIMDJSON)
	@if echo '#include <simdjson.h>' | g++ -E -x c++ - >/dev/null 2>&1; then \
	    g++ -std=c++17 -O3 -march=native -o $(SIMDJSON) rust/peers/simdjson/main.cpp -lsimdjson; \
	fi
	$(MVN) --quiet test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath --projects server,web --also-make
	"$$(bin/find-jdk --quiet)/bin/java" -XX:+UseSerialGC -Xmx1g -XX:MaxDirectMemorySize=1g --enable-native-access=ALL-UNNAMED \
	    --sun-misc-unsafe-memory-access=allow -cp $(JAR):server/target/test-classes dev.jassay.bench.Bench $(BENCH)

.PHONY: slow
slow: tools ## Properties on a million cases
	cargo test --locked --release --manifest-path rust/Cargo.toml -- --ignored
	JASSAY_AGREEMENT_CASES=1000000 cargo test --locked --release --manifest-path rust/peers/Cargo.toml --test agreement
	JASSAY_SCHEMA_CASES=1000000 cargo test --locked --release --manifest-path rust/peers/Cargo.toml --test schemas

.PHONY: lint
lint: tools ## Formatting and static checks, Rust and Java
	@for workspace in $(RUST_WORKSPACES); do \
	    echo "lint $$workspace"; \
	    cargo fmt --check --all --manifest-path $$workspace/Cargo.toml; \
	    cargo clippy --quiet --locked --workspace --all-targets --all-features --manifest-path $$workspace/Cargo.toml -- --deny warnings; \
	done
	$(MVN) spotless:check test-compile

.PHONY: check
check: lint test ## lint and test: what CI runs

.PHONY: format
format: tools ## Bring all code into its format
	@for workspace in $(RUST_WORKSPACES); do cargo fmt --all --manifest-path $$workspace/Cargo.toml; done
	$(MVN) --quiet spotless:apply

CARGO_FUZZ := target/tools/bin/cargo-fuzz
FUZZ_TARGETS := decompressing framing judging screening merging schemas abi
FUZZ_SECONDS ?= 60

$(CARGO_FUZZ):
	cargo install cargo-fuzz --version 0.13.1 --locked --quiet --root target/tools

.PHONY: fuzz
fuzz: tools $(CARGO_FUZZ) ## Fuzz framing, judging, merging, schemas and the C ABI; FUZZ_SECONDS=60 for each
	@for target in $(FUZZ_TARGETS); do \
	    (cd rust && ../$(CARGO_FUZZ) run --sanitizer none $$target -- -max_total_time=$(FUZZ_SECONDS) -max_len=4096); \
	done

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf target proto/target engine/target server/target client/target web/target cli/target interop/target $(AJV)/node_modules $(addsuffix /target,$(RUST_WORKSPACES))
