# make run [INPUT=folder]   set everything up and analyze a folder of articles
# make test                 everything that CI checks
# make check                the same, and make instructions
# make bench                figures beside other tools', in one run
# make accuracy             how right dates and names are, on sets that lie beside the project
# make train                train the tagger, from marked texts that lie beside the project
# make folds                the same five times, each without a fifth of one set
# make notebooks            execute the notebooks on the examples, as CI does
# make docs                 build the pages of docs/ into target/site
# make release-check        whether a release can be cut: contents, licences, locks, audits, sdist (minutes)
# make help                 the rest

INPUT ?= examples/news
OUT ?= out
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
WHEELS := target/wheels

TOOLS := target/release-tools
LOCKS := tools/locks

.PHONY: help run wheel test check lint rust python notebooks docs instructions miri soak sanitize bench accuracy train folds stubs clean tools-present \
	release-wheel release-check audit licences locks

help:
	@sed -n 's/^# //p' $(MAKEFILE_LIST)

# make wheel                build the release wheel and install it into .venv
# make lint                 formatting, clippy, ruff, types
# make rust                 Rust tests
# make python               Python tests, on the installed wheel
# make instructions         how many instructions each stage takes, beside benches/instructions.json (RECORD=1 writes it)
# make soak                 memory and equal results over a long run (PARTS="calls made"; an hour or so)
# make sanitize             data races under ThreadSanitizer, leaks under valgrind (nightly with rust-src)
# make miri                 the parts without the compiler's checks, under Miri, which sees what they may not do (minutes)
# make release-wheel        the wheel of a release, for any Linux since 2014: zig links it against the libc of its tag
# make audit                known faults in what is compiled in and in what builds and tests it; says what could not be asked
# make licences             write THIRD_PARTY_LICENSES.txt anew, after a change of Cargo.lock
# make locks                pin the newest packages that build, test and check a release, with their hashes

run: wheel
	$(BIN)/marsad analyze $(INPUT) --out $(OUT) --progress

test: lint rust python

check: test instructions

tools-present:
	@sh tools/require.sh $(PYTHON)

$(BIN)/python: | tools-present
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(BIN)/maturin: $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check "maturin>=1.9.4,<2"

wheel: tools-present $(BIN)/maturin
	rm -f $(WHEELS)/marsad-*.whl
	$(BIN)/maturin build --release --locked --quiet --interpreter $(BIN)/python --out $(WHEELS)
	$(BIN)/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps $(WHEELS)/marsad-*.whl

$(VENV)/.tested: pyproject.toml $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --group test --group lint --group extras --group engines --group docs
	touch $@

lint: tools-present $(VENV)/.tested
	cargo fmt --check
	cargo clippy --locked --all-targets --features python -- -D warnings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tools/lint_entities.py

rust: tools-present
	cargo test --locked --quiet

python: wheel $(VENV)/.tested
	$(BIN)/python -m pytest

notebooks: wheel $(VENV)/.tested
	$(BIN)/python tools/notebooks.py --execute

docs: wheel $(VENV)/.tested
	$(BIN)/mkdocs build --strict --quiet --site-dir target/site

instructions: tools-present
	$(PYTHON) tools/instructions.py $(if $(RECORD),--record) $(STAGES)

# Where Miri is missing: rustup toolchain install nightly --component miri,rust-src
miri: tools-present
	cargo +nightly miri test --locked --test it soundness

#: What checks a release, as tools/locks/release.txt pins it, apart from .venv.
$(TOOLS)/.installed: $(LOCKS)/release.txt | tools-present
	$(PYTHON) -m venv --clear $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/release.txt
	touch $@

ARCH ?= $(shell uname -m)

release-wheel: tools-present $(TOOLS)/.installed
	rm -f target/release-wheels/marsad-*.whl
	PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" maturin build --release --locked --quiet --zig --compatibility manylinux_2_17 \
		--target $(ARCH)-unknown-linux-gnu --interpreter $(TOOLS)/bin/python --out target/release-wheels

#: WHEEL=FILE takes a wheel that exists; ONLY="versions wheel" runs some; STRICT=1 fails where a check cannot run.
release-check: $(TOOLS)/.installed $(if $(or $(WHEEL),$(ONLY),$(wildcard target/release-wheels/marsad-*.whl)),,release-wheel)
	$(TOOLS)/bin/python tools/release_check.py $(addprefix --wheel ,$(WHEEL)) $(addprefix --only ,$(ONLY)) \
		$(if $(TAG),--tag "$(TAG)") $(if $(STRICT),--strict)

audit: $(TOOLS)/.installed
	$(TOOLS)/bin/python tools/release_check.py --only crates --only advisories --only packages $(if $(STRICT),--strict)

licences: tools-present
	$(PYTHON) tools/licences.py

locks: $(TOOLS)/.installed
	for group in build test release; do \
		$(TOOLS)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes --no-annotate \
			--custom-compile-command "make locks" --group $$group --output-file $(LOCKS)/$$group.txt pyproject.toml || exit 1; \
	done

soak: wheel
	$(BIN)/python benches/soak.py $(PARTS)

# "Possibly lost" is what hash tables of built-in lists hold: their pointers point inside.
sanitize: tools-present
	RUSTFLAGS=-Zsanitizer=thread cargo +nightly test --locked -Zbuild-std --target x86_64-unknown-linux-gnu \
		--target-dir target/tsan --test it pipeline::
	CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9" \
		cargo test --locked --target x86_64-unknown-linux-gnu --test it -- pipeline::ids column::

bench: wheel
	$(BIN)/python benches/compare.py

accuracy: wheel
	$(BIN)/python benches/accuracy.py
	$(BIN)/python benches/names.py $(NAMES)

# Where marked texts of others lie; ours are in models/.
SHARED ?= $(or $(MARSAD_SHARED),../shared)
MODEL ?= models/tagger.bin
MARKED := --set anercorp=$(SHARED)/ner/anercorp_camel/train.conll \
	--set ant=$(SHARED)/ner/ant_news/articles.jsonl \
	--set marks=models/marks/ant_news.tsv+$(SHARED)/corpus/ant_news.jsonl.gz \
	--set wojood=$(SHARED)/ner/wojood_sample/train.conll \
	--set wojood=$(SHARED)/ner/wojood_sample/dev.conll \
	--set articles=models/articles

train: tools-present
	cargo run --release --locked --quiet --example train -- $(MARKED) $(TRAIN) --out $(MODEL)

# Five models, each without a fifth of the ANT articles and the mean of four instead of eight:
# make folds && make accuracy NAMES="--folds target/folds"
folds: tools-present
	mkdir -p target/folds
	for fold in 0 1 2 3 4; do \
		cargo run --release --locked --quiet --example train -- $(MARKED) --leave ant:$$fold/5 --models 4 \
			--out target/folds/$$fold.bin || exit 1; \
	done

clean:
	rm -rf $(VENV) $(OUT) target
