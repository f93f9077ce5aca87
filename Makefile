# Everything a developer does here. `make run` and `make test` install what they need (scripts/need.sh says what).

GO       ?= go
FUZZTIME ?= 20000x
BENCHTIME ?= 1s
PAGETIMES ?= 60
SOAK_CALLS ?= 7200
SHOTS    ?= bin/screenshots
COMMIT   := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
LDFLAGS  := -X main.commit=$(COMMIT)
SECTION  := scripts/section.sh

.PHONY: build run test lint unit e2e sipp simulated queue queue-calls screenshots fuzz generate generated bench bench-pages bench-editor soak clean

build: ## bin/tandem, bin/temporald, bin/callbench
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/tandem ./cmd/tandem
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/callbench ./cmd/callbench
	cd cmd/temporald && $(GO) build -ldflags '$(LDFLAGS)' -o ../../bin/temporald .

run: ## everything on this machine, with nothing configured
	scripts/need.sh run
	$(MAKE) --no-print-directory build
	bin/tandem up

test: ## all that CI runs
	$(SECTION) "what the tests need" scripts/need.sh test
	$(SECTION) "build" $(MAKE) --no-print-directory build
	$(SECTION) "lint" $(MAKE) --no-print-directory lint
	$(SECTION) "generated files" $(MAKE) --no-print-directory generated
	$(SECTION) "unit tests" $(MAKE) --no-print-directory unit
	$(SECTION) "end to end" $(MAKE) --no-print-directory e2e
	$(SECTION) "benchmarks, once each" $(MAKE) --no-print-directory bench BENCHTIME=1x
	$(SECTION) "fuzz, $(FUZZTIME) each" $(MAKE) --no-print-directory fuzz

lint: ## gofmt, vet, staticcheck, workflowcheck
	scripts/format.sh
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) tool workflowcheck -config workflows/workflowcheck.yaml ./workflows/...
	cd cmd/temporald && $(GO) vet ./...

# Drawing flows and callers is one long computation on one goroutine, which the race detector makes six times as long.
unit: ## tests of every package, under the race detector
	$(GO) test -race -timeout 15m $$($(GO) list ./... | grep -v -e '/e2e$$' -e '/simulatetest$$')
	$(GO) test -timeout 5m ./workflows/simulate/simulatetest
	cd cmd/temporald && $(GO) test -timeout 10m ./...

e2e: build ## whole calls through bin/tandem with real peers
	$(GO) test -count=1 -timeout 20m ./cmd/tandem/e2e

sipp: build ## 500 calls of a carrier at 10/s through menu and ring group; the tests of every day place 30
	TANDEM_SIPP_CALLS=$${TANDEM_SIPP_CALLS:-500} $(GO) test -count=1 -timeout 20m -v -run SIPp ./cmd/tandem/e2e

simulated: build ## 200 flows drawn at random, 10 callers each: the simulator and the engine lead them the same way
	TANDEM_SEED=$${TANDEM_SEED:-$$(date +%s)} TANDEM_FLOWS=$${TANDEM_FLOWS:-200} TANDEM_CALLERS=$${TANDEM_CALLERS:-10} \
		$(GO) test -count=1 -timeout 40m -v -run SimulatedCalls ./cmd/tandem/e2e

queue: ## 100,000 random schedules against the rules of queues; TANDEM_SEED is the first
	TANDEM_SCHEDULES=$${TANDEM_SCHEDULES:-100000} TANDEM_SEED=$${TANDEM_SEED:-1} $(GO) test -count=1 -timeout 20m -v -run 'Schedule' ./flow/queue

queue-calls: build ## 50 callers and 10 members on real phones for five minutes; prints processor time and history events of a call
	TANDEM_QUEUE_CALLERS=$${TANDEM_QUEUE_CALLERS:-50} TANDEM_QUEUE_MEMBERS=$${TANDEM_QUEUE_MEMBERS:-10} TANDEM_QUEUE_SECONDS=$${TANDEM_QUEUE_SECONDS:-300} \
		$(GO) test -count=1 -timeout 20m -v -run RushOfCallers ./cmd/tandem/e2e

screenshots: ## every page of the panel, on a desk and a phone, in both themes, for people to look at: SHOTS names the folder
	mkdir -p $(SHOTS)
	UI_SHOTS=$(abspath $(SHOTS)) $(GO) test -tags screenshots -count=1 -timeout 20m -run TestScreenshots ./ui

bench-editor: ## frames of the editor while a module is dragged, and the view moved, among 300 modules
	@echo "commit $(COMMIT), $$(nproc) processors, $$(uname -sm)"
	$(GO) test -count=1 -timeout 10m -run '^$$' -bench 300Modules -benchtime 1x ./ui

fuzz: ## every fuzz target for FUZZTIME
	scripts/fuzz.sh $(FUZZTIME)

generate: ## the only code generation there is
	$(GO) generate ./...

generated: ## fails when `make generate` would change a file
	scripts/generated.sh

bench: build ## Go benchmarks of the tick path, and every page of the panel once
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./sipmedia/...
	$(GO) test -run '^$$' -bench Pages -benchtime 1x ./ui

bench-pages: ## p50 and p95 of every page and read of the API, over 10,000 calls and 200 flows
	$(GO) test -run '^$$' -bench Pages -benchtime $(PAGETIMES)x ./ui

soak: build ## two calls a second for SOAK_CALLS calls, against a running `tandem up` after `bin/callbench prepare`
	bin/callbench run bridge --rate 2 --calls $(SOAK_CALLS) --hold 20s

clean:
	rm -rf bin
