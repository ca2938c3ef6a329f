# `make run` and open the address it prints. It needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
# One more than CI has cores: tests that start processes mostly wait for them.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadgroup

CHAOS_RUNS ?= 200
CHAOS_SEED ?= 1
CHAOS_DB ?= postgres

# What production must be told; no one of these is ever used to connect.
PRODUCTION := DJANGO_SETTINGS_MODULE=config.settings.production ALLOWED_HOSTS=handrail.example \
	AUDIT_SIGNING_KEY=b25seS10by1jaGVjay10aGUtc2V0dGluZ3MtMDEyMzQ= \
	SECRET_KEY=only-to-check-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz \
	DATABASE_URL=postgres://handrail@127.0.0.1/handrail REDIS_URL=redis://127.0.0.1:6379/0

.DELETE_ON_ERROR:
.PHONY: help install run demo test test-tools chaos check bench screenshots format words lock vendor clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

# Installing. A stamp is younger than the list it stands for, so a second run has nothing to do.

install: $(VENV)/local.stamp  ## Make .venv with what `make run` needs

test-tools: $(VENV)/test.stamp

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Handrail needs Python 3.11 or newer, and "$(PYTHON)" is not.' \
			'Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11' >&2; exit 1; }
	@echo 'Making $(VENV) …'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/%.stamp: requirements/%.txt requirements/uv.txt | $(BIN)/python
	@echo 'Installing requirements/$*.txt …'
	@sh requirements/install.sh $(VENV) requirements/$*.txt
	@touch $@

# Running

run: install  ## Start everything, with demo users and agents
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) setup_demo
	@exec $(MANAGE) serve

demo: install  ## Play a conversation, on the server that `make run` has started or on one of its own
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) setup_demo
	@$(MANAGE) play_demo

# Checking

check: test-tools  ## Format, lint, types, import layers, Django's checks
	$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=config.settings.test DATABASE_URL=sqlite://:memory: \
		$(MANAGE) makemigrations --check --dry-run
	$(BIN)/djlint --check --lint templates

# What another database can tell nothing new runs once, with SQLite: tests that use none, and those that start
# processes (`processes`), unless they are marked `each_database`. All others run on both, but for the storm in
# tests/chaos, which blows on PostgreSQL, where writers are truly concurrent. Of the tests that start processes one
# runs at a time, and one of those in a browser beside it.
test: test-tools  ## The suite, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.servers.chromium
	$(PYTEST) --db sqlite --ignore tests/chaos
	$(PYTEST) --db postgres --only-database

bench: test-tools  ## Print how long an event takes to its readers, how soon runs stop and go on, a chain is verified, the admin answers
	$(BIN)/python -m tests.bench.masking_cost
	$(BIN)/python -m tests.bench.publish_latency --db sqlite
	$(BIN)/python -m tests.bench.publish_latency --db postgres
	$(BIN)/python -m pytest tests/processes/run_latency.py -s -q --db postgres
	$(BIN)/python -m tests.bench.admin_pages
	$(BIN)/python -m tests.bench.audit_chain --db sqlite
	$(BIN)/python -m tests.bench.audit_chain --db postgres

chaos: test-tools  ## Refunds while workers are killed: `make chaos CHAOS_RUNS=500 CHAOS_SEED=7 CHAOS_DB=sqlite`
	CHAOS_RUNS=$(CHAOS_RUNS) CHAOS_SEED=$(CHAOS_SEED) $(BIN)/python -m pytest tests/chaos --db $(CHAOS_DB)

screenshots: test-tools  ## Photograph the pages again, into tests/screenshots
	@$(BIN)/python -m tests.servers.chromium
	$(BIN)/python -m pytest tests/screenshots/photograph.py -q

format: test-tools  ## Put the code into its form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

# The catalogues are kept as they are compiled, so that only whoever changes words needs GNU gettext.
WORDS = --locale zh_Hans --locale ja --locale es --locale fr --no-location --no-wrap --no-obsolete \
	--ignore '.venv' --ignore 'tests/*' --ignore 'templates/admin/*' --ignore '*/vendor/*' --ignore 'staticfiles'

words: install  ## Gather the pages' words for translation, and compile what is translated; needs GNU gettext
	$(MANAGE) makemessages --domain django $(WORDS)
	$(MANAGE) makemessages --domain djangojs $(WORDS)
	$(MANAGE) compilemessages --ignore '.venv'

# Locking. The test list is the largest, and the others take their versions from it.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-header

lock: test-tools  ## Take the newest versions that requirements/*.in allow
	$(COMPILE) requirements/test.in -o requirements/test.txt
	for name in base local production uv; do \
		$(COMPILE) -c requirements/test.txt requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

vendor:  ## Fetch the browser's libraries again; needs npm
	sh requirements/vendor.sh

clean:  ## Remove everything that was installed or made here, but not .data
	rm -rf $(VENV) staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
