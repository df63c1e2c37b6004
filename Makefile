# Rembug. Every command makes ready by itself what it needs and is safe to stop and repeat.
PYTHON ?= python3
export PYTHONUNBUFFERED = 1
BIN = .venv/bin

.PHONY: help run test check bench shots format dev clean

help: ## What can be asked for
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/'

run: ## Make ready, fill an empty database with the demo cities, serve http://127.0.0.1:8000 (PORT=, DATABASE_URL=)
	@$(PYTHON) tools/run.py

test: ## All tests: SQLite always, PostgreSQL when one answers, a browser when there is one
	@$(PYTHON) tools/test.py

check: ## Lint, format, types, import contracts, migrations
	@$(PYTHON) tools/setup.py dev
	@$(PYTHON) tools/check.py

format: dev ## Put the code into its form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: dev ## Measure (all, or WHAT=faults, pages ...); one line per figure, bench/results.json
	@$(BIN)/python -m bench $(WHAT)

shots: dev ## Pictures of the main pages
	@$(BIN)/python tools/shots.py

dev: ## Everything developers need
	@$(PYTHON) tools/setup.py dev

clean: ## Remove what make has installed and built; data in var/ stays
	@rm -rf .venv .tools node_modules var/static var/test
