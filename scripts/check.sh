#!/usr/bin/env bash
# Everything that can be said about the code without running the tests. Runs all of it, then fails if any part did.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH"
export SHOUWANG_HOME="${SHOUWANG_HOME:-$PWD/build/check-home}" SHOUWANG_PG_UNSAFE=1
mkdir -p build
failed=()

step() {
  local name=$1 log=build/check.log started=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    printf 'ok      %-14s %3d s\n' "$name" $((SECONDS - started))
  else
    printf 'FAILED  %-14s %3d s: %s\n' "$name" $((SECONDS - started)) "$*"
    sed 's/^/        /' "$log"
    failed+=("$name")
  fi
}

web() { (cd web && npm run --silent check); }

step style ruff check --quiet --output-format concise .
step format ruff format --check --quiet .
step types mypy --no-error-summary
step floors lint-imports --no-logo
step migrations python manage.py makemigrations --check --dry-run
step packs shouwang pack check
step translations python tools/messages.py check
step dependencies deptry --no-ansi src
[ ! -f web/package.json ] || step front-end web

if [ ${#failed[@]} -gt 0 ]; then
  echo "check: failed: ${failed[*]}"
  exit 1
fi
echo "check: all kept"
