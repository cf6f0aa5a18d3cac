#!/usr/bin/env bash
# Programs made for Argo CD's API, at the versions that hawser is tested with, unchanged: each in a folder of its own outside the checkout.
# Needs node and npm. What is there already stays as it is.
set -euo pipefail

root="${XDG_CACHE_HOME:-$HOME/.cache}/hawser/clients"

client() { # FOLDER PACKAGE@VERSION…: the first one is the client
  local folder=$root/$1 wanted=${*:2}
  if [ "$(cat "$folder/.installed" 2>/dev/null)" = "$wanted" ]; then
    printf 'there already: %s\n' "$wanted"
    return
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  printf '{"private":true}\n' >"$folder/package.json"
  # No scripts of strangers: none of the three needs one.
  (cd "$folder" && npm install --no-audit --no-fund --ignore-scripts --loglevel=error "${@:2}")
  printf '%s\n' "$wanted" >"$folder/.installed"
  printf 'installed: %s\n' "$wanted"
}

client argocd-mcp argocd-mcp@0.9.0
client roadie @roadiehq/backstage-plugin-argo-cd-node@2.0.0 @backstage/config@1.3.9
client backstage @backstage-community/plugin-argocd-node@1.4.0 @backstage/config@1.3.9
