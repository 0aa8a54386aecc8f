# Everything a person runs. Needs Python 3.11 or newer (3.13 for a deployment: infra/package.py), and Node 20 or newer for the local cloud; the rest is installed here.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CODE := app.py chalicelib infra training tests benchmarks campaign

.PHONY: proxy help docs flows quick nightly wechat run stop serve serve-stop serve-keys serve-trial serve-alarms serve-judged serve-units serve-backup serve-restore town town-files import-orders partners push-order api-key smoke demo campaign chaos mutate engines clients browser screens test check bench package deploy rollback first-town doctor renew retell backup recover repair restore verify-traces audit recount replay replay-classes what-if usual train train-danger train-misconduct train-meaning judge training-rows clean

help:  ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | \
		while IFS='|' read -r name what; do printf '%-15s %s\n' "$$name" "$$what"; done

run: $(READY)  ## make run [PLAY="throttle=0.05 lag=2"] [JUDGE=0]: the local cloud with the sample town, until Ctrl-C; PLAY: with the faults of AWS
	@$(BIN)/python -m infra.local.run

stop: $(READY)
	@$(BIN)/python -m infra.local.stop

serve: $(READY) clients  ## make serve FOLDER=folder [NEW=1 SAMPLE=1 PORT=8080 SLOW=3]: a town hall's own machine without AWS, until Ctrl-C; NEW: an empty folder becomes a town's
	@test -n "$(FOLDER)" || { echo '请指定文件夹，例如 make serve FOLDER=/srv/mslj NEW=1'; exit 1; }
	@$(BIN)/python -m infra.serve.run "$(FOLDER)" $(if $(NEW),--new) $(if $(SAMPLE),--sample) $(if $(PORT),--port "$(PORT)") $(if $(DB_PORT),--db-port "$(DB_PORT)") $(if $(SLOW),--slow "$(SLOW)")

serve-stop: $(READY)  ## make serve-stop FOLDER=folder: ends it from another terminal
	@$(BIN)/python -m infra.serve.run "$(FOLDER)" --stop

serve-keys: $(READY)  ## make serve-keys FOLDER=folder: the machine's own signing keys anew; links that are out end
	@$(BIN)/python -m infra.serve.run "$(FOLDER)" --renew-keys

serve-trial: $(READY)  ## make serve-trial FOLDER=folder [REPORTS=100 KILL=4 ROW=name]: reports from scan to close through a running machine of the sample town, then looked at one by one; KILL: seconds between two kill -9
	@$(BIN)/python -m infra.serve.trial "$(FOLDER)" --walk --reports "$(if $(filter 1000,$(REPORTS)),100,$(REPORTS))" $(if $(KILL),--kill "$(KILL)") $(if $(ROW),--row "$(ROW)")

serve-alarms: $(READY)  ## make serve-alarms FOLDER=folder [TICKETS=1000 ROW=name]: so many alarms due at one instant, through a running machine of the sample town; how late each rang
	@$(BIN)/python -m infra.serve.alarms_trial "$(FOLDER)" --tickets "$(or $(TICKETS),1000)" $(if $(ROW),--row "$(ROW)")

serve-judged: $(READY)  ## make serve-judged FOLDER=folder TO=folder [REPORTS=1000 KILL=10 FIRST=0]: reports through a running machine, judged by the campaign's checker; FIRST: above the numbers of earlier trials there
	@$(BIN)/python -m campaign.served "$(FOLDER)" "$(TO)" --reports "$(REPORTS)" $(if $(KILL),--kill "$(KILL)") $(if $(FIRST),--first "$(FIRST)")

serve-units: $(READY)  ## make serve-units FOLDER=folder TO=folder HOST=mslj.example.cn: what systemd, nginx and journald need for that machine
	@$(BIN)/python -m infra.serve.units "$(FOLDER)" "$(TO)" --host "$(HOST)"

serve-backup: $(READY)  ## make serve-backup FOLDER=folder TO=folder: a backup of the running machine, beside those before
	@$(BIN)/python -m infra.serve.keeping backup "$(FOLDER)" "$(TO)"

serve-restore: $(READY)  ## make serve-restore FOLDER=new-folder FROM=backup: into a machine that holds nothing; also a backup of a deployment in AWS
	@$(BIN)/python -m infra.serve.keeping restore "$(FOLDER)" "$(FROM)" $(if $(PORT),--port "$(PORT)") $(if $(DB_PORT),--db-port "$(DB_PORT)")

town: $(READY)  ## make town TOWN=folder [HAND_OVER="old=new"] [YES=1]: what importing a town would do, and after a yes it is done
	@test -n "$(TOWN)" || { echo '请指定文件夹，例如 make town TOWN=town'; exit 1; }
	@$(BIN)/python -m infra.local.town "$(TOWN)" --hand-over "$(HAND_OVER)" $(if $(YES),--yes)

town-files: $(READY)  ## make town-files TO=folder [FORM=csv]: the town's tables in force as one workbook, or as CSV files
	@test -n "$(TO)" || { echo '请指定空文件夹，例如 make town-files TO=my-town'; exit 1; }
	@$(BIN)/python -m infra.local.town_files "$(TO)" --form "$(or $(FORM),xlsx)"

api-key: $(READY)  ## make api-key NAME=program [PER_HOUR=60]: a key for an Open311 client of the running local cloud
	@$(BIN)/python -m infra.local.api_key "$(NAME)" --per-hour "$(or $(PER_HOUR),60)"

import-orders: $(READY)  ## make import-orders FILE=orders.xlsx PARTNER=hotline or JOB=id: a partner's export into the running local cloud
	@$(BIN)/python -m infra.local.orders $(if $(FILE),"$(FILE)") --partner "$(PARTNER)" $(if $(JOB),--job "$(JOB)")

partners: $(READY)  ## make partners FILES="hotline.csv …" [BY=code] [YES=1]: what registering partners' files would change, and after a yes it holds
	@test -n "$(FILES)" || { echo '请指定文件，例如 make partners FILES=town/partners/hotline.csv'; exit 1; }
	@$(BIN)/python -m infra.local.partner_files $(FILES) --by "$(BY)" $(if $(YES),--yes)

push-order: $(READY)  ## make push-order [PARTNER=hotline] [NUMBER=…] [TEXT=…]: one signed order as a partner sends it to the running local cloud
	@$(BIN)/python -m infra.local.push_order $(if $(PARTNER),--partner "$(PARTNER)") --number "$(NUMBER)" --text "$(TEXT)"

smoke: $(READY)  ## one ticket from scan to close against the running local cloud
	@$(BIN)/python -m infra.local.smoke $(ARGS)

demo: $(READY)  ## a day in the town, its clocks in seconds; ARGS="--reports FILE" replays any CSV
	@$(BIN)/python -m infra.local.demo $(ARGS)

REPORTS ?= 1000
SEED ?= 1
campaign: engines  ## make campaign [REPORTS=1000] [SEED=1] [JOBS=3]: the town under a seeded schedule of faults, judged by a checker that shares no code
	@$(BIN)/python -m campaign --reports $(REPORTS) --seed $(SEED) $(if $(JOBS),--jobs $(JOBS))

chaos: $(READY)  ## the same while everything is killed at random
	@$(BIN)/python -m infra.local.chaos $(ARGS)

engines: $(READY)
	@$(BIN)/python -m infra.local.engines >/dev/null

# These keep a cloud whose clocks run, and are not disturbed; all others run side by side, a file at a time.
ALONE := tests/local tests/test_benchmarks.py

test: engines browser proxy  ## all tests, also those that need the engines and a browser; ARGS="tests/domain -x" for some
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest -n auto --dist loadfile $(addprefix --ignore=,$(ALONE))
	@$(BIN)/python -m pytest $(ALONE)
	@npm --prefix clients test
endif

clients: $(READY)  ## builds what people see, where it changed
	@$(BIN)/python -m infra.clients

browser: clients
	@sh clients/tests/e2e/browser.sh

proxy:
	@sh infra/serve/proxy.sh

screens: engines browser  ## docs/screens: a picture of every page, phone and desktop
	@MSLJ_SCREENS=1 npm --prefix clients test -- --project e2e screens
	@$(BIN)/python clients/tests/e2e/smaller.py

flows: engines browser  ## what each flow costs the hand: scan → sent, report → dispatched, danger → urgent, escalation → answered, a call entered
	@MSLJ_NIGHTLY=1 npm --prefix clients test -- --project e2e night resident

docs: clients  ## what is generated and kept: the list of stored items, the routes, the clients' types
	@$(BIN)/python -m infra.docs

quick: $(READY)  ## while working: format, lint, types and the pure tests
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto --dist loadfile tests/domain tests/web tests/test_imports.py tests/test_glossary.py

check: $(READY) clients  ## what CI asks (.ci/run): format, lint, types, tests
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	npm --prefix clients run --silent lint
	@$(MAKE) --no-print-directory test

nightly: engines browser  ## what is slow and rarely breaks: the tests marked nightly, demo, a campaign of 1,000, chaos; before you stop
	@$(BIN)/python -m pytest -m nightly -n auto --dist loadfile $(addprefix --ignore=,$(ALONE))
	@$(BIN)/python -m pytest -m nightly $(ALONE)
	@MSLJ_NIGHTLY=1 npm --prefix clients test -- --project e2e night states e2e/keyboard
	@$(MAKE) --no-print-directory wechat
	@$(MAKE) --no-print-directory demo
	@$(MAKE) --no-print-directory campaign REPORTS=1000
	@$(MAKE) --no-print-directory chaos

mutate: clients  ## make mutate [WING="clocks acts"] [SAMPLE=150] [SEED=1] [MOST=6] [AFRESH=1]: how many small faults in chalicelib/domain its tests notice
	@$(BIN)/python -m benchmarks.mutation $(WING) --sample $(or $(SAMPLE),150) --seed $(SEED) $(if $(MOST),--most $(MOST)) $(if $(AFRESH),--afresh)

wechat:  ## Tencent's own compilers over the mini-program's source, as an upload would; the first time it fetches 280 MB of tools
	@npm --prefix clients/wechat install --no-package-lock --no-audit --no-fund --silent
	@node clients/wechat/check.mjs

bench: engines  ## every budget measured on this machine, into benchmarks/results.md; ARGS="--quick" only proves that it runs
	@$(BIN)/python -m benchmarks.run $(ARGS)

package: $(READY)  ## dist/sam.json and dist/deployment.zip for `aws cloudformation package` and `deploy`
	@$(BIN)/python -m infra.package dist --stage $(or $(STAGE),prod)

train: $(READY)  ## make train DATA=closed-tickets.csv: the model that suggests categories; WORDS=categories.csv alone: of a town without tickets yet; nothing: the sample town's
	@$(BIN)/python -m training $(or $(DATA),$(if $(WORDS),,town/training.csv --words town/categories.csv)) \
		$(if $(WORDS),--words $(WORDS)) $(if $(TEST),--test $(TEST)) $(if $(OUT),--out $(OUT))

AWS := --region "$(REGION)" --profile "$(PROFILE)"
GIVEN = $(if $(YES),--yes) $(if $(BUCKET),--bucket "$(BUCKET)")

deploy: $(READY)  ## make deploy STAGE=prod [REGION= PROFILE= BUCKET= SET="PublicUrl=https://…/ …" YES=1]: to AWS, after showing what changes
	@$(BIN)/python -m infra.production.deploy "$(or $(STAGE),prod)" $(AWS) $(GIVEN) $(foreach pair,$(SET),--set '$(pair)') $(if $(PARAMETERS),--parameters "$(PARAMETERS)")

rollback: $(READY)  ## make rollback STAGE=prod: the package before, from the bucket
	@$(BIN)/python -m infra.production.rollback "$(or $(STAGE),prod)" $(AWS) $(GIVEN)

backup: $(READY)  ## make backup TO=folder [STAGE=prod] [AFTER=earlier]: tables, photos and the identity key; without STAGE, of the running local cloud
	@test -n "$(TO)" || { echo '请指定一个空文件夹，例如 make backup TO=backup-2026-11-22 STAGE=prod'; exit 1; }
	@$(BIN)/python -m infra.production.backup "$(TO)" $(if $(AFTER),--after "$(AFTER)") --stage "$(or $(STAGE),local)" $(AWS)

retell: $(READY)  ## make retell SINCE="2026-11-22 08:00" [STAGE=prod]: what was never told is told; what was told is not told twice
	@test -n "$(SINCE)" || { echo '请指定从什么时候起，例如 make retell SINCE="2026-11-22 08:00" STAGE=prod'; exit 1; }
	@$(BIN)/python -m infra.production.retell "$(SINCE)" --stage "$(or $(STAGE),local)" $(AWS)

first-town: $(READY)  ## make first-town STAGE=prod (or FOLDER= of a town hall's own machine) TOWN=folder ADMIN=code CONFIRMER=code: the first import and the first two sign-ins
	@test -n "$(TOWN)" -a -n "$(ADMIN)" -a -n "$(CONFIRMER)" || { echo '例如 make first-town STAGE=prod TOWN=my-town ADMIN=管理员编码 CONFIRMER=站长编码'; exit 1; }
	@$(BIN)/python $(if $(FOLDER),-m infra.serve.keeping first-town "$(FOLDER)" "$(TOWN)",-m infra.production.first_town "$(or $(STAGE),prod)" "$(TOWN)" $(AWS)) --admin "$(ADMIN)" --confirmer "$(CONFIRMER)"

doctor: $(READY)  ## make doctor STAGE=prod, or FOLDER=folder of a town hall's own machine: what is ready and what is missing, before and after a deployment
	@$(BIN)/python $(if $(FOLDER),-m infra.serve.doctor "$(FOLDER)",-m infra.production.doctor "$(or $(STAGE),prod)" $(AWS))

renew: $(READY)  ## make renew STAGE=prod: a changed secret takes effect now
	@$(BIN)/python -m infra.production.renew "$(or $(STAGE),prod)" $(AWS)

recover: $(READY)  ## make recover AT="2026-11-22 08:00" STAGE=prod [TO=folder]: the town as it was at an instant, as a backup; then make restore
	@test -n "$(AT)" -a -n "$(STAGE)" || { echo '例如 make recover AT="2026-11-22 08:00" STAGE=prod'; exit 1; }
	@$(BIN)/python -m infra.production.recover "$(AT)" --stage "$(STAGE)" $(AWS) $(if $(TO),--to "$(TO)")

repair: $(READY)  ## make repair [STAGE=prod YES=1]: tickets that lie behind their own history go on after it
	@$(BIN)/python -m infra.production.repair --stage "$(or $(STAGE),local)" $(AWS) $(if $(YES),--yes)

restore: $(READY)  ## make restore FROM=folder [STAGE=prod REPLACE=1 MISSING=1 OTHER_STAGE= IN_USE=1 CONFIRM=prod GO_ON_SENDING=1]: a backup into a deployment that holds nothing
	@test -n "$(FROM)" || { echo '请指定备份文件夹，例如 make restore FROM=backup-2026-11-22 STAGE=prod'; exit 1; }
	@$(BIN)/python -m infra.production.restore "$(FROM)" --stage "$(or $(STAGE),local)" $(AWS) \
		$(if $(REPLACE),--replace) $(if $(MISSING),--missing) $(if $(GO_ON_SENDING),--go-on-sending) $(if $(IN_USE),--in-use) \
		$(if $(OTHER_STAGE),--other-stage "$(OTHER_STAGE)") $(if $(CONFIRM),--confirm "$(CONFIRM)")

verify-traces: $(READY)  ## make verify-traces [STAGE=prod]: whether any trace or line of history was changed, removed or added
	@$(BIN)/python -m infra.vault.verify_traces --stage "$(or $(STAGE),local)" $(AWS) $(if $(KEPT_DAYS),--kept-days "$(KEPT_DAYS)")

audit: $(READY)  ## known weaknesses of what the locks pin, else how old they are
	@$(BIN)/python -m infra.vault.advisories

recount: $(READY)  ## make recount DAY=2026-11-20 [STAGE=prod]: that day's figures again from its tickets; without STAGE in the running local cloud
	@test -n "$(DAY)" || { echo '请指定日期，例如 make recount DAY=2026-11-20'; exit 1; }
	@$(BIN)/python -m infra.production.recount "$(DAY)" --stage "$(or $(STAGE),local)" $(AWS)

what-if: $(READY)  ## make what-if FROM=2026-10-01 UNTIL=2026-10-31 TOWN=folder [STAGE=prod]: the past once more under the folder's clocks.csv, duty.csv, triage.csv …
	@test -n "$(FROM)" -a -n "$(UNTIL)" -a -n "$(TOWN)" || { echo '例如 make what-if FROM=2026-10-01 UNTIL=2026-10-31 TOWN=try；try 里只放要试的表'; exit 1; }
	@$(BIN)/python -m infra.what_if "$(FROM)" "$(UNTIL)" "$(TOWN)" --stage "$(or $(STAGE),local)" $(AWS)

usual: $(READY)  ## make usual [STAGE=prod]: how true "同类一般 N 天" would have been, kind by kind, in the town's own past
	@$(BIN)/python -m infra.production.usual --stage "$(or $(STAGE),local)" $(AWS)

train-danger: $(READY)  ## make train-danger [DATA=file.csv]: the model that hears danger where the town's signs are silent, of training/danger.csv
	@$(BIN)/python -m training.danger $(DATA)

train-misconduct: $(READY)  ## the model that hears misconduct where the town's words are silent, of training/concerns.csv
	@$(BIN)/python -m training.misconduct

train-meaning: $(READY)  ## what words mean, of training/meaning.npz: by it reports of one spot meet that say one thing in other words
	@$(BIN)/python -m training.meaning

judge: $(READY)  ## make judge WHAT=danger|concerned|identity|knowledge|matters DATA=file.csv [KNOWLEDGE=entries.csv] [NOW=2026-11-29]: labelled sentences through the very code of the product
	@$(BIN)/python -m training.judge "$(WHAT)" "$(DATA)" $(if $(KNOWLEDGE),KNOWLEDGE="$(KNOWLEDGE)") $(if $(NOW),NOW="$(NOW)")

training-rows: $(READY)  ## make training-rows TO=file.csv [STAGE=prod] [WHAT=danger]: what the desk has decided, for make train (train-danger) DATA=file.csv; without STAGE of the running local cloud
	@test -n "$(TO)" || { echo '请指定文件，例如 make training-rows TO=rows.csv'; exit 1; }
	@$(BIN)/python -m infra.production.training_rows "$(TO)" --stage "$(or $(STAGE),local)" $(if $(WHAT),--what "$(WHAT)") $(AWS)

replay: $(READY)  ## make replay DATA=file.csv [ARGS="--category column …"]: when each trend and first sign would have been told
	@test -n "$(DATA)" || { echo '请指定文件，例如 make replay DATA=closed-tickets.csv ARGS="--guess"'; exit 1; }
	@$(BIN)/python -m infra.replay "$(DATA)" $(ARGS)

replay-classes: $(READY) engines  ## make replay-classes DATA=file.csv: which messages look like repeats, and which classes would have been proposed
	@test -n "$(DATA)" || { echo '请指定文件，例如 make replay-classes DATA=messages.csv'; exit 1; }
	@$(BIN)/python -m benchmarks.replay_classes "$(DATA)" $(ARGS)

clean:  ## forget everything local: tables, photos, secrets, engines, environments
	@test ! -x $(BIN)/python || $(BIN)/python -m infra.local.stop
	rm -rf .local $(VENV) .chalice/deployments dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo '没有找到 Python 3.11 或更新版本，请先安装'; exit 1; }
	@echo '准备 Python 环境（只需一次）…'
	@$(PYTHON) -m venv $(VENV) || { echo '无法建立虚拟环境；Debian、Ubuntu 请先安装 python3-venv'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt 2> $(VENV)/pip.log \
		|| { cat $(VENV)/pip.log; exit 1; }
	@touch $@
