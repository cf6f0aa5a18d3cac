#!/usr/bin/env bash
# Programs made for Argo CD's API, at the versions that hawser is tested with, unchanged: each in a folder of its own outside the checkout.
# Needs node and npm. What is there already stays as it is.
set -euo pipefail

root="${XDG_CACHE_HOME:-$HOME/.cache}/hawser/clients"

client() { # FOLDER MANIFEST PACKAGE@VERSION…: the manifest is the folder's package.json
  local folder=$root/$1 manifest=$2 wanted="$2 ${*:3}"
  if [ "$(cat "$folder/.installed" 2>/dev/null)" = "$wanted" ]; then
    printf 'there already: %s\n' "${*:3}"
    return
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  printf '%s\n' "$manifest" >"$folder/package.json"
  # No scripts of strangers: none of the three needs one.
  (cd "$folder" && npm install --no-audit --no-fund --ignore-scripts --loglevel=error "${@:3}")
  printf '%s\n' "$wanted" >"$folder/.installed"
  printf 'installed: %s\n' "${*:3}"
}

client argocd-mcp '{"private":true}' argocd-mcp@0.9.0
client roadie '{"private":true}' @roadiehq/backstage-plugin-argo-cd-node@2.0.0 @backstage/config@1.3.9
# It names a version of its sister package that was never published, and never loads it.
client backstage '{"private":true,"overrides":{"@backstage-community/plugin-argocd-common":"1.16.0"}}' \
  @backstage-community/plugin-argocd-node@1.4.0 @backstage/config@1.3.9
