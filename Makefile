# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench clean lock

BIN := .venv/bin
LAB_INVENTORY := /var/lib/edufleet/lab/inventory
ROOT := $(filter 0,$(shell id -u))

help:
	@echo "make demo    bring up the practice fleet (as root) and inspect it; without root, inspect this machine"
	@echo "make test    run all tests"
	@echo "make lint    style, types, licences"
	@echo "make bench   measure against the named peers, print goal and result, write out/bench.json"
	@echo "make clean   take everything away again, the practice fleet included"

# Exit status 1 of an inspection means that it has findings: in the demo it should.
demo:
	@tools/setup.sh system demo
	@tools/setup.sh venv run
ifeq ($(ROOT),0)
	@$(BIN)/edufleet lab up
	@EDUFLEET_STATE=out/state $(BIN)/edufleet inspect --inventory $(LAB_INVENTORY) --out out/demo || [ $$? = 1 ]
else
	@echo "==> not root: no practice fleet; inspecting this machine itself (edufleet inspect --local)"
	@EDUFLEET_STATE=out/state $(BIN)/edufleet inspect --local --out out/demo || [ $$? = 1 ]
endif

test:
	@tools/setup.sh system test
	@tools/setup.sh venv dev
	@echo "==> running the tests"
	@$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report=term

# SC2016: text for another shell; SC2174: only the last directory is new.
lint:
	@tools/setup.sh system test
	@tools/setup.sh venv dev
	@echo "==> style, types, licences"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/yamllint --strict .
	@shellcheck --shell=sh --exclude=SC2016,SC2174 $$(git ls-files '*.sh') .ci/run
	@$(BIN)/reuse lint --quiet || $(BIN)/reuse lint

bench:
	@tools/setup.sh system bench
	@tools/setup.sh venv dev
	@$(BIN)/python -m tests.bench

clean:
	@if [ -x $(BIN)/edufleet ] && [ "$$(id -u)" = 0 ]; then $(BIN)/edufleet lab down --purge; fi
	@if [ "$$(id -u)" = 0 ]; then rm -rf /var/cache/edufleet /var/lib/edufleet; fi
	@if [ -f .make/apt-installed ]; then echo "==> system packages that were installed stay; to remove: apt-get purge $$(cat .make/apt-installed | tr '\n' ' ')"; fi
	@rm -rf .venv .make out .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# For maintainers: resolve the lock files anew. The hashes pin what is installed; no index address is written.
lock:
	@uv pip compile -q -U --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
		--extra dev pyproject.toml -o requirements/dev.txt
	@uv pip compile -q -U --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
		--extra build pyproject.toml -c requirements/dev.txt -o requirements/run.txt
