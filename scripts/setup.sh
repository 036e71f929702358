#!/usr/bin/env bash
# Set up everything in this folder, on a machine with nothing but Python 3.11 to 3.13.
#   scripts/setup.sh               what the product needs
#   scripts/setup.sh --for-tests   and what only the tests need (a browser)
# Each step is skipped when what it depends on has not changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamps=build/stamps
mkdir -p "$stamps"

say() { echo "setup: $*" >&2; }
quietly() {  # FILE COMMAND…: what the command says is shown only when it fails
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}
fingerprint() { find "$@" -name node_modules -prune -o -name '*.tsbuildinfo' -prune -o -type f -print0 2>/dev/null |
  sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-64; }
unchanged() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
done_with() { echo "$2" >"$stamps/$1"; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_packages() {
  may_install || return 1
  say "installing $* with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update >/dev/null 2>&1 || true
  apt-get -qq install -y --no-install-recommends "$@" >/dev/null 2>&1
}

find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null &&
      "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then
      echo "$name"
      return
    fi
  done
  say "Python 3.11, 3.12 or 3.13 is needed (Debian: apt-get install python3 python3-venv)"
  return 1
}

make_venv() {
  local python
  if [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1; then return; fi
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv ||
    { say "the venv module is missing: apt-get install python3-venv"; return 1; }
  "$python" -m venv --clear .venv
}

has_node() { command -v node >/dev/null && command -v npm >/dev/null &&
  [ "$(node -p '((major, minor) => major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major >= 24)(
    ...process.versions.node.split(".").map(Number))' 2>/dev/null)" = true ]; }  # what Vite and Vitest run on

sync_python() {
  local groups=() wanted
  if [ -f web/package.json ] && ! has_node; then groups=(--group build); fi
  wanted="$(cat uv.lock pyproject.toml | sha256sum | cut -c1-64) ${groups[*]-} $(.venv/bin/python -V)"
  if [ -x .venv/bin/shouwang ] && unchanged python "$wanted"; then return; fi
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
  say "installing what uv.lock names"
  UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv \
    .venv/bin/uv sync --frozen --quiet --python .venv/bin/python "${groups[@]}"
  done_with python "$wanted"
}

build_web() {
  [ -f web/package.json ] || return 0
  has_node || PATH="$PWD/.venv/bin:$PATH"
  local lock sources
  lock=$(cat web/package-lock.json | sha256sum | cut -c1-64)
  if ! unchanged web-lock "$lock" || [ ! -d web/node_modules ]; then
    say "installing the front end's packages"
    quietly build/web.log npm --prefix web ci --no-audit --no-fund --loglevel=error
    done_with web-lock "$lock"
  fi
  sources=$(fingerprint web src/shouwang/desk/templates src/shouwang/desk/templatetags)  # unused styles are dropped by what pages use
  if ! unchanged web "$sources" || [ ! -f src/shouwang/desk/static/built/manifest.json ] ||
    [ ! -f src/shouwang/fieldapi/static/field/sw.js ]; then
    say "building the front end"
    quietly build/web.log npm --prefix web run --silent build
    done_with web "$sources"
  fi
}

compile_messages() {
  local wanted missing
  wanted=$(find src -name '*.po' -print0 | sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-64)
  missing=$(find src -name '*.po' | while read -r po; do [ -f "${po%.po}.mo" ] || echo "$po"; done)
  if [ -z "$missing" ] && unchanged messages "$wanted"; then return; fi
  .venv/bin/python tools/messages.py compile
  done_with messages "$wanted"
}

has_chinese_font() {
  [ -n "$(find /usr/share/fonts -iname '*cjk*' -print -quit 2>/dev/null)" ] ||
    { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }
}
has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

for_tests() {
  local missing=()
  has_browser || missing+=(chromium)
  has_chinese_font || missing+=(fonts-noto-cjk)
  [ ${#missing[@]} -gt 0 ] || return 0
  install_packages "${missing[@]}" && return 0
  say "missing on this machine: ${missing[*]} (as root: apt-get install ${missing[*]});" \
    "tests that need a browser will fail"
}

if [ "${1-}" = --for-tests ]; then
  for_tests
  exit 0
fi
make_venv
sync_python
build_web
compile_messages
