# 一条命令一件事 one command a thing. `just` is in the environment: uv run just check

set shell := ["bash", "-euo", "pipefail", "-c"]

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

python_files := "services shared deploy tests bench docs"
supply_chain := "deploy/allinone/tools/supply_chain.py"
shell_files := "mingjing .ci/run"

# 列出 what there is
default:
    @just --list --unsorted

# 启动全部服务 start everything, stay
up *arguments:
    ./mingjing up {{ arguments }}

# 提交前必须全绿 everything that must be green before you stop: static checks, tests, generated documents
check: static docs-diff test

# 测试 tests; arguments go to pytest: just test tests/funds -k refund
test *arguments:
    ./mingjing test -- {{ arguments }}

# 故障演练 kill real processes under load, twenty rounds
chaos *arguments:
    ./mingjing test -- -m chaos tests/chaos {{ arguments }}

# 格式化 format, and mend what can be mended without thinking
fmt:
    ruff check --fix-only --quiet {{ python_files }}
    ruff format {{ python_files }}

# 生成文档 write OpenAPI, AsyncAPI and the event catalogue anew
docs:
    python docs/generate.py

# 迁移数据库 bring the database that MINGJING_POSTGRES_URL names up to date
migrate *arguments:
    for service in registry inspection funds console; do mingjing-$service migrate {{ arguments }}; done

# 不运行代码的检查 format, lint, types, import contracts, shell, containers
static: format lint types imports shell containers

[private]
format:
    ruff format --check {{ python_files }}

[private]
lint:
    ruff check {{ python_files }}

[private]
types:
    mypy {{ python_files }}

[private]
imports:
    lint-imports --no-logo

[private]
shell:
    shellcheck {{ shell_files }}

[private]
containers:
    hadolint deploy/Dockerfile

# 供应链：已知漏洞、物料清单、许可证 known advisories, SBOM (in dist/), licences of what users get
audit:
    python {{ supply_chain }} audit
    python {{ supply_chain }} sbom dist
    python {{ supply_chain }} licences > dist/licences.txt

# 生成的文档是否最新 whether the committed documents are what the code says
docs-diff:
    python docs/generate.py --check
