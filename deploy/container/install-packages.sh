#!/bin/sh
# Install what staging needs of Debian: fonts, time zones, CA certificates, and strip(1).
# APT_MIRROR, where set, stands in for the mirror in the image's own list of sources.
set -eu

if [ -n "${APT_MIRROR:-}" ]; then
  sed -i "s#^URIs: https\?://[^/]*#URIs: ${APT_MIRROR%/}#" /etc/apt/sources.list.d/debian.sources
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install --yes --no-install-recommends \
  binutils ca-certificates fonts-noto-cjk fonts-symbola tzdata >/dev/null
rm -rf /var/lib/apt/lists/*
