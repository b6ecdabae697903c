# Needs the Go toolchain and make, nothing else. "make" alone lists the targets.

GO ?= go

# gofmt comes with the toolchain that go itself chose.
GOFMT = "$$($(GO) env GOROOT)/bin/gofmt"

# The race detector needs cgo, and that a C compiler: go env tells.
RACE := $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)

# The packages whose tests know the flag -update.
GOLDEN = $(sort $(patsubst %/,./%,$(dir $(shell grep -rl --include='*_test.go' 'flag.Bool."update"' cmd internal sdk))))

# The modules below this one, which go test ./... does not enter: what has
# dependencies that nobody else should load.
NESTED = $(sort $(patsubst %/go.mod,%,$(shell find . -mindepth 2 -name go.mod -not -path '*/testdata/*' -not -path './.git/*')))

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

.PHONY: demo
demo: generate ## generate the SDK, then make the same calls over three protocols and compare
	@$(GO) run ./cmd/demo

.PHONY: generate
generate: ## write gen/ and the generated files of sdk/ from manifest.yaml and the contracts
	@$(GO) run ./cmd/sdkgen generate
	@$(GO) run ./cmd/sdkgen generate --dir examples/library

.PHONY: check
check: ## compare the generated files with what would be generated now
	@$(GO) run ./cmd/sdkgen check
	@$(GO) run ./cmd/sdkgen check --dir examples/library

# What drift compares with: HEAD means what is not committed yet. CI sets it to
# what the branch started from.
DRIFT_BASE ?= HEAD
DRIFT_FORMAT ?= text

.PHONY: drift
drift: ## check, and tell what changed in the contracts since DRIFT_BASE (HEAD) and what that breaks
	@status=0; \
	$(GO) run ./cmd/sdkgen check --format $(DRIFT_FORMAT) || status=1; \
	$(GO) run ./cmd/sdkgen diff --base $(DRIFT_BASE) --format $(DRIFT_FORMAT) || status=1; \
	exit $$status

.PHONY: drift-quality
drift-quality: ## measure sdkgen diff: thousands of changes to the contracts, and whether it judges each rightly
	@$(GO) test ./internal/drift/quality -count=1 -v -timeout 120m -args -full

.PHONY: drift-oracle
drift-oracle: ## compare what sdkgen diff says of changes to an OpenAPI document with what oasdiff says
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	$(GO) test ./internal/drift/quality -run TestCorpus -count=1 -args -corpus $$dir && \
	cd internal/drift/quality/testdata/oracle && $(GO) test . -count=1 -v -args -corpus $$dir

.PHONY: test
test: ## check formatting, vet, lint, sdkgen check, and all tests with the race detector, in nested modules too
	@echo "== gofmt"
	@unformatted=$$($(GOFMT) -l .) || exit 1; \
	if [ -n "$$unformatted" ]; then echo "not formatted (make fmt mends it):"; echo "$$unformatted"; exit 1; fi
	@echo "== go vet"
	@$(GO) vet ./...
	@$(MAKE) --no-print-directory lint
	@echo "== sdkgen check"
	@$(GO) run ./cmd/sdkgen check
	@$(GO) run ./cmd/sdkgen check --dir examples/library
	@echo "== go test $(RACE)"
	@[ -n "$(RACE)" ] || echo "no C compiler, and so no race detector: testing without it"
	@$(GO) test $(RACE) ./...
	@for dir in $(NESTED); do \
		echo "== vet, test $(RACE) in $$dir"; \
		(cd $$dir && $(GO) vet ./... && $(GO) test $(RACE) ./...) || exit 1; \
	done

# The versions of the linters stand in a file that no user of the SDK loads.
# The go command builds them once, and keeps them.
LINT = $(GO) tool -modfile=internal/tools/lint.mod

.PHONY: lint
lint: ## run staticcheck; staticcheck.conf says which of its checks are left out, and why
	@echo "== staticcheck"
	@$(LINT) staticcheck ./...

# Not part of test: it needs a database from the network, and what that tells
# changes without a change here.
VULN_DB ?= https://vuln.go.dev

.PHONY: vuln
vuln: ## look for known vulnerabilities in the code that is called (needs the network: the database at VULN_DB)
	@echo "== govulncheck"
	@status=0; $(LINT) govulncheck -db $(VULN_DB) ./... || status=$$?; \
	if [ $$status -ne 0 ] && [ $$status -ne 3 ]; then \
		echo "NOT CHECKED: govulncheck did not get through, so this says nothing of vulnerabilities." >&2; \
		echo "If it could not reach $(VULN_DB), name a database that can be reached: make vuln VULN_DB=URL" >&2; \
	fi; \
	exit $$status

.PHONY: browser
browser: ## open the page of the reference in a browser, if there is one, and use it
	@echo "== the reference in a browser"
	@cd internal/browser && $(GO) vet ./... && $(GO) test ./...

.PHONY: docs
docs: ## write docs/reference/ from manifest.yaml and the contracts, and the reference of examples/library
	@$(GO) run ./cmd/sdkgen docs
	@$(GO) run ./cmd/sdkgen docs --dir examples/library

.PHONY: bench
bench: ## measure calls and checks against the least that they can cost, and print the table of docs/performance.md
	@$(GO) test -run '^$$' -bench Pair -benchtime 40x -count 5 ./internal/bench | $(GO) run ./internal/bench/table
	@$(GO) test -run '^$$' -bench Check -benchtime 10x ./internal/pipeline
	@$(GO) test -run '^$$' -bench Scale -benchtime 1x -timeout 30m ./internal/pipeline

.PHONY: fidelity
fidelity: ## play the recordings of a real server against the emulator, and print the share of equal answers
	@cd sdk/authorizertest/fga && $(GO) test -count=1 -v -run TestFidelity ./...

.PHONY: emulator
emulator: ## run the emulator of the Authorizer server on ports 8080 and 9091 until it is interrupted
	@$(GO) run ./cmd/authorizer-emulator

.PHONY: fmt
fmt: ## format all Go files
	@$(GOFMT) -w .

.PHONY: update-golden
update-golden: ## rewrite the expected output of the golden tests; look at the diff before you commit it
	@$(GO) test $(GOLDEN) -update
