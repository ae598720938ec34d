# The habits of this repo. Linux and macOS; the README has the plain commands, also for Windows.
PYTHON ?= .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install run test thorough coverage lint types audit constraints pythons format screenshots pictures bench package

help: ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: ## create .venv with everything a developer needs
	python3 -m venv .venv
	.venv/bin/pip install -q -r requirements-dev.txt -c constraints.txt

run: ## start the app; pages follow edits to the source
	$(PYTHON) -m streamlit run app.py --server.fileWatcherType auto --client.showErrorDetails full

test: ## all tests; ARGS='-m "not browser"' leaves out the browser
	$(PYTHON) -m pytest $(ARGS)

thorough: ## every point of what the other run takes samples of (faults, kills, old browsers); hours
	$(PYTHON) -m pytest -m "thorough or hypothesis" --hypothesis-profile thorough $(ARGS)

coverage: ## all tests, with the coverage floor that CI enforces
	$(PYTHON) -m pytest --cov $(ARGS)

lint: ## ruff, the format, the layer contracts and dead code
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(PYTHON) -m vulture

types: ## mypy on the code that ships
	$(PYTHON) -m mypy lib app.py pages

audit: ## known vulnerabilities of the installed packages
	$(PYTHON) -m scripts.audit_dependencies

# Universal: one file for Linux, macOS and Windows and for each Python that we support. pip itself
# comes with Python, and on Windows it cannot replace itself while it installs.
constraints: ## hold every transitive version after a change to requirements; ARGS=--upgrade takes newer ones
	UV_CUSTOM_COMPILE_COMMAND="make constraints" $(PYTHON) -m uv pip compile --quiet --universal \
	  --python-version 3.11 --no-annotate --no-emit-package pip $(ARGS) requirements-dev.txt -o constraints.txt

pythons: ## lint, types and pure tests on every other Python from 3.11 to 3.14 found here
	.ci/pythons

format: ## rewrite to the house format
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: ## what pages, roll-ups and uploads cost; ARGS='--only rollup'
	$(PYTHON) -m benchmarks $(ARGS)

screenshots: ## pictures of every page; ARGS="--page units --query month=2018-09"
	$(PYTHON) -m tests.browser.screenshots $(ARGS)

pictures: ## the README's pictures of 总览 and 甘特图, made anew
	$(PYTHON) -m tests.browser.screenshots --readme

package: ## archives for an office PC without internet, in dist/; ARGS="--system linux-x64"
	$(PYTHON) -m scripts.make_package $(ARGS)
