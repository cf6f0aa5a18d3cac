#!/usr/bin/env bash
# Builds the real peers that tests and benchmarks compare with, once per version, into a cache outside the checkout.
# Usage: bash .ci/peers.sh [NAME ...]   names: helm kustomize jsonnet kubernetes kwok gitea (all of them by default)
# Prints the folder of the binaries on its last line. A peer that cannot be built is reported and left out.
set -u

readonly HELM_VERSION=v3.22.0
readonly KUSTOMIZE_VERSION=v5.8.1
readonly JSONNET_VERSION=v0.22.0
readonly KUBERNETES_VERSION=v1.36.3
readonly ETCD_VERSION=v3.6.8
readonly KWOK_VERSION=v0.7.0
readonly GITEA_VERSION=v1.26.0

cache="${XDG_CACHE_HOME:-$HOME/.cache}/hawser"
bin="$cache/peers/bin"
mkdir -p "$bin" "$cache/peers/src"

say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

# A binary is kept under NAME-VERSION with a link NAME to the newest one, so that a version bump rebuilds it.
have() { [ -x "$bin/$1-$2" ] && ln -sfn "$1-$2" "$bin/$1"; }
keep() { mv "$1" "$bin/$2-$3.part" && mv "$bin/$2-$3.part" "$bin/$2-$3" && ln -sfn "$2-$3" "$bin/$2"; }

install_module() { # NAME VERSION PACKAGE [LDFLAGS]
  have "$1" "$2" && return 0
  say "building $1 $2"
  local out
  out=$(mktemp -d)
  GOBIN="$out" GOFLAGS=-mod=mod CGO_ENABLED=0 go install -ldflags "-s -w ${4:-}" "$3@$2" && keep "$out/$(basename "$3" | sed 's/^v[0-9]*$/'"$1"'/')" "$1" "$2"
}

build_kubernetes() {
  local v=$KUBERNETES_VERSION missing=0 name
  for name in kube-apiserver kube-controller-manager kubectl; do have "$name" "$v" || missing=1; done
  have etcd "$ETCD_VERSION" || missing=1
  [ $missing = 0 ] && return 0
  say "building kube-apiserver, kube-controller-manager, kubectl $v and etcd $ETCD_VERSION (several minutes)"
  local src="$cache/peers/src/kubernetes-$v"
  mkdir -p "$src" && cd "$src" || return 1
  local gomod
  gomod=$(cd "$(mktemp -d)" && go mod download -json "k8s.io/kubernetes@$v" | sed -n 's/^\t"GoMod": "\(.*\)",\{0,1\}$/\1/p')
  [ -f "$gomod" ] || return 1
  {
    printf 'module peers.local/kubernetes\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/kubernetes %s\n\tgo.etcd.io/etcd/server/v3 %s\n)\n\nreplace (\n' "$v" "$ETCD_VERSION"
    sed -n 's#^\t\{0,1\}\(k8s.io/[^ ]*\) => ./staging/.*#\t\1 => \1 v0.'"${v#v1.}"'#p' "$gomod"
    printf ')\n'
  } > go.mod
  cat > tools.go <<'GO'
//go:build tools

package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
GO
  go mod tidy -e >tidy.log 2>&1
  local p=k8s.io/component-base/version minor=${v#v1.}
  local flags="-s -w -X $p.gitVersion=$v -X $p.gitMajor=1 -X $p.gitMinor=${minor%%.*}"
  for name in kube-apiserver kube-controller-manager kubectl; do
    have "$name" "$v" && continue
    CGO_ENABLED=0 go build -ldflags "$flags" -o "$name" "k8s.io/kubernetes/cmd/$name" && keep "$name" "$name" "$v" || return 1
  done
  have etcd "$ETCD_VERSION" || { CGO_ENABLED=0 go build -ldflags "-s -w" -o etcd go.etcd.io/etcd/server/v3 && keep etcd etcd "$ETCD_VERSION"; }
}

build_gitea() {
  have gitea "$GITEA_VERSION" && return 0
  say "building gitea $GITEA_VERSION (several minutes)"
  local src="$cache/peers/src/gitea-$GITEA_VERSION" gomod
  mkdir -p "$src" && cd "$src" || return 1
  gomod=$(cd "$(mktemp -d)" && go mod download -json "code.gitea.io/gitea@$GITEA_VERSION" | sed -n 's/^\t"GoMod": "\(.*\)",\{0,1\}$/\1/p')
  [ -f "$gomod" ] || return 1
  {
    printf 'module peers.local/gitea\n\ngo 1.26.0\n\nrequire code.gitea.io/gitea %s\n\n' "$GITEA_VERSION"
    grep -E '^replace [^(]* => ' "$gomod"
    sed -n '/^replace (/,/^)/p' "$gomod"
  } > go.mod
  printf '//go:build tools\n\npackage tools\n\nimport _ "code.gitea.io/gitea"\n' > tools.go
  go mod tidy -e >tidy.log 2>&1
  CGO_ENABLED=1 go build -tags "sqlite sqlite_unlock_notify" -ldflags "-s -w -X main.Version=${GITEA_VERSION#v}" -o gitea code.gitea.io/gitea && keep gitea gitea "$GITEA_VERSION" || return 1
  # Gitea reads its locales and templates from its own source tree.
  go list -m -f '{{.Dir}}' code.gitea.io/gitea > "$bin/gitea.static-root"
}

build() {
  case $1 in
    helm) install_module helm $HELM_VERSION helm.sh/helm/v3/cmd/helm "-X helm.sh/helm/v3/internal/version.version=v3.22" ;;
    kustomize) install_module kustomize $KUSTOMIZE_VERSION sigs.k8s.io/kustomize/kustomize/v5 "-X sigs.k8s.io/kustomize/api/provenance.version=$KUSTOMIZE_VERSION" ;;
    jsonnet) install_module jsonnet $JSONNET_VERSION github.com/google/go-jsonnet/cmd/jsonnet ;;
    kwok) install_module kwok $KWOK_VERSION sigs.k8s.io/kwok/cmd/kwok ;;
    kubernetes) build_kubernetes ;;
    gitea) build_gitea ;;
    *) say "no peer is called $1"; return 2 ;;
  esac
}

command -v go >/dev/null || { say "no Go toolchain on PATH: no peer is built"; echo "$bin"; exit 0; }
[ $# -gt 0 ] || set -- helm kustomize kubernetes gitea jsonnet kwok
for peer in "$@"; do
  ( build "$peer" ) >&2 || say "could not build $peer: what needs it is skipped"
done
echo "$bin"
