#!/usr/bin/env bash
# Run npm: the one on PATH where its Node is new enough for the web app's build, else one from PyPI,
# which is installed into .venv at its first use.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.venv/bin

# What pwa/package.json asks for in `engines`, and vite with it.
new_enough() {
  command -v npm >/dev/null && command -v node >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const least = { 20: 19, 21: Infinity, 22: 12 };
    process.exit(major > 19 && minor >= (least[major] ?? 0) ? 0 : 1)'
}

if ! new_enough; then
  if [ ! -x "$bin/npm" ]; then
    echo "npm.sh: no Node of 20.19 or newer on PATH: installing one into .venv" >&2
    "$bin/python" -m pip --disable-pip-version-check install --quiet --require-hashes \
      -r "$root/requirements/node.txt"
  fi
  PATH=$bin:$PATH
fi
exec npm "$@"
