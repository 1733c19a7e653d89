# chidao: `make run` reads the bundled samples, `make test` runs the tests; both set up what is missing first.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
OUT ?= results
PYTEST ?= -n auto

BIN := .venv/bin
READY := .venv/.ready
READY_DEV := .venv/.ready-dev

# Says what is wrong when a package is missing: installs it as root on Debian and Ubuntu, else names the exact line.
define install_system_packages
	missing=(); \
	need() { bash -c "$$1" >/dev/null 2>&1 || missing+=("$$2"); }; \
	$(1) \
	if (( $${#missing[@]} )); then \
	  if [[ $$(id -u) == 0 ]] && command -v apt-get >/dev/null; then \
	    echo "Installing $${missing[*]} ..."; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -qq; \
	    apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
	  else \
	    echo "These system packages are missing. Install them, then run make again:"; \
	    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $${missing[*]}"; \
	    exit 69; \
	  fi; \
	fi
endef

NEED_RUN = need '$(PYTHON) -c "import ensurepip, venv"' python3-venv; \
	need 'command -v tesseract' tesseract-ocr; \
	need 'tesseract --list-langs | grep -qx vie' tesseract-ocr-vie;
NEED_TEST = need 'compgen -G "/usr/lib/postgresql/*/bin/initdb"' postgresql; \
	need "command -v chromium" chromium; \
	need 'command -v soffice' libreoffice-writer-nogui; \
	need 'command -v pdftotext' poppler-utils; \
	need 'command -v ps' procps; \
	need 'compgen -G "/usr/share/fonts/truetype/liberation*/*.ttf"' fonts-liberation;

.PHONY: help run test check setup setup-dev lock messages docs reference screenshots clean

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

run: setup ## Read all bundled samples into $(OUT) and say what was found
	$(BIN)/chidao run data/samples/files --out $(OUT)

test: setup-dev ## Run the tests
	$(BIN)/python -m pytest $(PYTEST)

check: setup-dev ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: ## Set up what is needed to run: system packages and .venv
	@$(call install_system_packages,$(NEED_RUN))
	@$(MAKE) -s $(READY)

setup-dev: setup ## Set up what is needed to test as well
	@$(call install_system_packages,$(NEED_TEST))
	@$(MAKE) -s $(READY_DEV)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "chidao needs Python 3.11 or newer: make PYTHON=python3.11"; exit 69; }
	echo 'Making .venv ...'
	$(PYTHON) -m venv .venv

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	echo 'Installing what is needed to run ...'
	$(BIN)/python -m pip install --quiet -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(READY_DEV): requirements-dev.lock $(READY)
	echo 'Installing what is needed to test ...'
	$(BIN)/python -m pip install --quiet -r requirements-dev.lock
	touch $@

# Without addresses and paths of whoever runs it: the lock is the same everywhere.
COMPILE = $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
EXTRAS = --extra fast --extra ocr2 --extra pdfa --extra postgres --extra cluster --extra web --extra export
TITLE = \# Made by `make lock` from pyproject.toml for Python 3.11; the same versions install on 3.12.

lock: setup-dev ## Pin all packages anew
	$(COMPILE) --upgrade $(EXTRAS) --constraint constraints.txt --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra dev $(EXTRAS) --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	sed -i -e '/^#/d' -e '/^$$/d' -e '1i $(TITLE)' requirements.lock requirements-dev.lock

CATALOGUE = pipeline/web/locale/vi/LC_MESSAGES/web.po

messages: ## Bring the catalogue of the web pages' texts up to date; then translate what is empty in it
	$(BIN)/pybabel -q extract --mapping pipeline/web/babel.cfg --keyword mark --no-location --sort-output \
	  --omit-header --output $(CATALOGUE)t pipeline/web
	$(BIN)/pybabel -q update --input-file $(CATALOGUE)t --output-file $(CATALOGUE) --locale vi --width 120 \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	rm $(CATALOGUE)t

docs: setup-dev ## Build the documentation into build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

reference: setup-dev ## Write docs/commands.md anew from the help of the commands
	mkdir -p build
	$(BIN)/python -m pipeline.cli.reference > build/commands.md
	mv build/commands.md docs/commands.md

screenshots: setup-dev ## Take the pictures in docs/images anew from the bundled samples
	$(BIN)/python docs/screenshots.py

clean: ## Remove what was made, .venv too
	rm -rf .venv results build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
