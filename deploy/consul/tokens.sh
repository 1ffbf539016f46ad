#!/bin/sh
# Make plotkiln's policies and tokens in Consul, and print the two Secrets that hold the tokens:
#
#   CONSUL_HTTP_ADDR=… CONSUL_HTTP_TOKEN=… deploy/consul/tokens.sh | kubectl apply -n plotkiln -f -
#
# A token that was made before stays good until it is deleted (`consul acl token list`).
set -eu
here=$(dirname "$0")

for kind in read write edit; do
  consul acl policy read -name "plotkiln-$kind" >/dev/null 2>&1 && act=update || act=create
  consul acl policy "$act" -name "plotkiln-$kind" -rules "@$here/$kind.hcl" >/dev/null
done

for kind in read write; do
  secret=$(consul acl token create -description "plotkiln ($kind)" -policy-name "plotkiln-$kind" |
    awk '$1 == "SecretID:" { print $2 }')
  cat <<EOF
---
apiVersion: v1
kind: Secret
metadata:
  name: plotkiln-consul-$kind
stringData:
  token: $secret
EOF
done
