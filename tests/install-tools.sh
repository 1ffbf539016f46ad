#!/usr/bin/env bash
# Install what the tests talk to: Redis, Chromium, CJK fonts, Poppler, Consul, moto's S3 server,
# kustomize, promtool, and models of Knative's objects.
#
# Where it may not (no root, no apt-get) or cannot, it says what is missing and goes on: those tests
# skip at a desk and fail where CI=true.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
# Debian carried Consul up to this suite; the program is static and runs on every later one.
consul_suite=bullseye
consul_home=$root/.cache/consul
# Debian carries kustomize from this suite on; it runs on the one before.
kustomize_suite=trixie
kustomize_home=$root/.cache/kustomize
# Its promtool alone is of use; the package would start a server.
prometheus_suite=bookworm
prometheus_home=$root/.cache/prometheus
# Of its own: what moto needs does not go along with what plotkiln needs.
moto_home=$root/.cache/moto
models_home=$root/.cache/manifests

missing_packages() {
  command -v redis-server >/dev/null || echo redis-server
  command -v chromium >/dev/null || echo chromium
  command -v pdftoppm >/dev/null || echo poppler-utils
  [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" \
    -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ] || echo fonts-noto-cjk
}

has_consul() {
  command -v consul >/dev/null || [ -x "$consul_home/usr/bin/consul" ]
}

has_kustomize() {
  command -v kubectl >/dev/null || command -v kustomize >/dev/null ||
    [ -x "$kustomize_home/usr/bin/kustomize" ]
}

has_promtool() {
  command -v promtool >/dev/null || [ -x "$prometheus_home/usr/bin/promtool" ]
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update && apt-get -qq install --yes --no-install-recommends "$@" >/dev/null
}

# Print the entries of one-line source lists that name the suite $1, with the suite $2 in its place.
derive_lists() {
  awk -v own="$1" -v other="$2" '
    $1 == "deb" {
      for (i = 2; i < NF; i++) if ($i == own) { $i = other; $0 = $0; print; next }
    }' "${@:3}"
}

# The same for deb822 stanzas; fields that follow (Signed-By, also a key in full) stay as they are.
derive_stanzas() {
  awk -v own="$1" -v other="$2" '
    function flush() { if (binary && chosen) printf "%s\n", stanza; stanza = ""; binary = chosen = 0 }
    FNR == 1 || /^[[:space:]]*$/ { flush() }
    /^#/ || /^[[:space:]]*$/ { next }
    tolower($1) == "types:" && / deb( |$)/ { binary = 1; $0 = "Types: deb" }
    tolower($1) == "suites:" { for (i = 2; i <= NF; i++) if ($i == own) chosen = 1; $0 = "Suites: " other }
    { stanza = stanza $0 "\n" }
    END { flush() }' "${@:3}"
}

# Write this machine's own package sources, turned to the suite $2, into the folder $1.
derive_sources() {
  # shellcheck disable=SC1091 # a file of the machine
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$suite" ] || return 1
  shopt -s nullglob
  lists=(/etc/apt/sources.lis[t] /etc/apt/sources.list.d/*.list)
  stanzas=(/etc/apt/sources.list.d/*.sources)
  [ ${#lists[@]} -eq 0 ] || derive_lists "$suite" "$2" "${lists[@]}" >"$1/other.list"
  [ ${#stanzas[@]} -eq 0 ] ||
    derive_stanzas "$suite" "$2" "${stanzas[@]}" >"$1/other.sources"
}

# Unpack the package $1 of the suite $2 into the folder $3 below the checkout; the machine's own
# package lists and database stay untouched.
unpack() (
  temporary=$(mktemp -d)
  trap 'rm -rf "$temporary"' EXIT
  mkdir -p "$temporary/sources" "$temporary/lists/partial" "$temporary/cache/archives/partial"
  derive_sources "$temporary/sources" "$2" || return 1
  apt=(apt-get -qq
    -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$temporary/sources"
    -o "Dir::State::lists=$temporary/lists" -o "Dir::Cache=$temporary/cache"
    -o "APT::Sandbox::User=$(id -un)")
  cd "$temporary" || return 1
  "${apt[@]}" update && "${apt[@]}" download "$1" || return 1
  rm -rf "$3" && mkdir -p "$3" && dpkg -x "$1"_*.deb "$3"
)

# Say whether the environment $1 has what is locked in the file $2.
has_locked() {
  [ -x "$1/bin/python" ] && cmp -s "$2" "$1/locked.txt"
}

install_locked() {
  python3 -m venv "$1" &&
    "$1/bin/python" -m pip --disable-pip-version-check install --quiet --require-hashes -r "$2" &&
    cp "$2" "$1/locked.txt"
}

say_missing() {
  echo "install-tools: missing: $* (the tests that need it are skipped, or fail with CI=true)" >&2
}

mapfile -t wanted < <(missing_packages)
if [ ${#wanted[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || ! install_packages "${wanted[@]}"; then
    say_missing "${wanted[@]}"
  fi
fi
if ! has_consul; then
  if ! command -v apt-get >/dev/null || ! unpack consul "$consul_suite" "$consul_home"; then
    say_missing consul
  fi
fi
if ! has_kustomize; then
  if ! command -v apt-get >/dev/null ||
    ! unpack kustomize "$kustomize_suite" "$kustomize_home"; then
    say_missing kustomize
  fi
fi
if ! has_promtool; then
  if ! command -v apt-get >/dev/null ||
    ! unpack prometheus "$prometheus_suite" "$prometheus_home"; then
    say_missing promtool
  fi
fi
if ! has_locked "$moto_home" "$root/requirements/moto.txt" &&
  ! install_locked "$moto_home" "$root/requirements/moto.txt"; then
  say_missing moto
fi
if ! has_locked "$models_home" "$root/requirements/manifests.txt" &&
  ! install_locked "$models_home" "$root/requirements/manifests.txt"; then
  say_missing cloudcoil
fi
