SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build test bench soak up down status logs run fmt clean

MVN := mvn -B -ntp
# Maven resets the terminal's colours when it ends, also where there is no terminal.
PLAIN := 2>&1 | sed $$'s/\e\\[[0-9;]*m//g'
# A copy, replaced as a whole: a build must not change the classes of a launcher that runs.
LAUNCHER := infra/local/target/launcher.jar
COPY_LAUNCHER = cp "$$(ls -t infra/local/target/throughline-local-*.jar | head -1)" $(LAUNCHER).$$$$ && mv $(LAUNCHER).$$$$ $(LAUNCHER)
LOCAL = java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(LAUNCHER):$$(cat infra/local/target/classpath)" \
	io.throughline.local.LocalMain
LOCAL_SOURCES := pom.xml $(shell find infra/local -name target -prune -o -type f \( -path '*/src/main/*' -o -name pom.xml \) -print)

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

build: ## Build everything, without running tests
	@echo "Building (the first time takes a few minutes) ..."
	@$(MVN) -q -DskipTests package $(PLAIN)

test: ## Run every check and test (mvn verify); the full log goes to target/verify.log
	@infra/build/verify

bench: ## Measure what each stage costs, beside its targets (ARGS="LinksBench 1000" runs one program); see docs/benchmarks.md
	@infra/build/bench $(ARGS)

SOAK ?= 20
soak: ## Play many more random histories, with crashes and rescaling (SOAK=20: so many times the usual)
	@$(MVN) -pl jobs/pipeline -am verify -DskipITs -Dthroughline.soak=$(SOAK) -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtest='NodesReachTheSpecificationTest,NodesSurviveCrashesTest,StitchingSurvivesFailuresTest,FailingJobEqualsReplayTest'

up: $(LAUNCHER) ## Start Kafka, Schema Registry, Elasticsearch and Flink (ARGS="--only kafka,registry")
	@$(LOCAL) up $(ARGS)

down: $(LAUNCHER) ## Stop them; data stays (ARGS=--wipe deletes it)
	@$(LOCAL) down $(ARGS)

status: $(LAUNCHER) ## Show which of them run, where, and their memory
	@$(LOCAL) status || true

logs: $(LAUNCHER) ## Show the end of their logs (ARGS="kafka -f" follows one)
	@$(LOCAL) logs $(ARGS)

run: ## Run the whole pipeline with simulated touchpoints and the dashboard, until Ctrl-C (STORY=NAME also plays a story, STORY=? lists them; ARGS=--help for more)
	@./throughline --build-only
	@$(COPY_LAUNCHER)
	@exec $(LOCAL) run $(if $(STORY),--story '$(STORY)') $(ARGS)

fmt: ## Format all sources
	@$(MVN) -q spotless:apply $(PLAIN)

clean: ## Delete what was built; servers' data stays (make down ARGS=--wipe)
	@$(MVN) -q clean $(PLAIN)

$(LAUNCHER): $(LOCAL_SOURCES)
	@echo "Building the launcher of local servers ..."
	@$(MVN) -q -DskipTests -pl infra/local -am package $(PLAIN)
	@$(COPY_LAUNCHER)
