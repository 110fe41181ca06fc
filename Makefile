SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build test bench up down status logs run fmt clean

MVN := mvn -B -ntp
LOCAL = java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "infra/local/target/classes:$$(cat infra/local/target/classpath)" \
	io.throughline.local.LocalMain
LOCAL_SOURCES := pom.xml $(shell find infra/local -name target -prune -o -type f \( -path '*/src/main/*' -o -name pom.xml \) -print)
LOCAL_BUILT := infra/local/target/built

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

build: ## Build everything, without running tests
	@echo "Building (the first time takes a few minutes) ..."
	@$(MVN) -q -DskipTests package

test: ## Run every check and test (mvn verify); the full log goes to target/verify.log
	@infra/build/verify

bench: ## Measure what stitching costs (ARGS="LinksBench 1000" runs one program); see docs/benchmarks.md
	@infra/build/bench $(ARGS)

up: $(LOCAL_BUILT) ## Start Kafka, Schema Registry, Elasticsearch and Flink (ARGS="--only kafka,registry")
	@$(LOCAL) up $(ARGS)

down: $(LOCAL_BUILT) ## Stop them; data stays (ARGS=--wipe deletes it)
	@$(LOCAL) down $(ARGS)

status: $(LOCAL_BUILT) ## Show which of them run, where, and their memory
	@$(LOCAL) status || true

logs: $(LOCAL_BUILT) ## Show the end of their logs (ARGS="kafka -f" follows one)
	@$(LOCAL) logs $(ARGS)

run: ## Run the whole pipeline with simulated touchpoints and the dashboard, until Ctrl-C (ARGS=--help for more)
	@./throughline --build-only
	@exec $(LOCAL) run $(ARGS)

fmt: ## Format all sources
	@$(MVN) -q spotless:apply

clean: ## Delete what was built; servers' data stays (make down ARGS=--wipe)
	@$(MVN) -q clean

$(LOCAL_BUILT): $(LOCAL_SOURCES)
	@echo "Building the launcher of local servers ..."
	@$(MVN) -q -DskipTests -pl infra/local -am package
	@touch $@
