# make run [INPUT=folder]   set everything up and analyze a folder of articles
# make test                 everything that CI checks
# make bench                figures beside other tools', in one run
# make accuracy             how right the dates are, on sets that lie beside the project
# make help                 the rest

INPUT ?= examples/news
OUT ?= out
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
WHEELS := target/wheels

.PHONY: help run wheel test check lint rust python bench accuracy stubs clean tools-present

help:
	@sed -n 's/^# //p' $(MAKEFILE_LIST)

# make wheel                build the release wheel and install it into .venv
# make lint                 formatting, clippy, ruff, types
# make rust                 Rust tests
# make python               Python tests, on the installed wheel

run: wheel
	$(BIN)/marsad analyze $(INPUT) --out $(OUT) --progress

test: lint rust python

check: test

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
	$(BIN)/pip install --quiet --disable-pip-version-check --group test --group lint
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

bench: wheel
	$(BIN)/python benches/compare.py

accuracy: wheel
	$(BIN)/python benches/accuracy.py

clean:
	rm -rf $(VENV) $(OUT) target
