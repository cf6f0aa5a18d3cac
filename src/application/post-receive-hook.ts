// The post-receive hook for Git servers that nobody else tells hawser of: a POSIX shell script for a bare repository. It keeps each push in a
// spool folder until hawser has taken it, and never blocks or fails the push.

export interface PostReceiveHook {
  /** hawser's webhook: `https://hawser.example.com/api/webhook` */
  readonly webhookUrl: string;
  /** As Applications name it. */
  readonly repository: string;
  /** What the deliveries are signed with. */
  readonly secret: string;
}

/** Needs sh, openssl and curl, and nothing that only one of their versions has. */
export function postReceiveHook({ webhookUrl, repository, secret }: PostReceiveHook): string {
  return `#!/bin/sh
# Tells hawser of each push. What hawser does not take at once stays in the folder hawser-spool of the repository
# and is sent again: for a day, and with each later push. To send what is left at any other time:
#     cd REPOSITORY.git && hooks/post-receive --flush
# This file holds the secret that the deliveries are signed with: chmod 700, owned by the user of the Git server.

url=${quote(webhookUrl)}
repository=${quote(jsonText(repository))}
secret=${quote(secret)}

# Before the folder changes: this script calls itself.
case $0 in
  /*) hook=$0 ;;
  *) hook=$(pwd)/$0 ;;
esac

umask 077
cd "\${GIT_DIR:-.}" || exit 0
GIT_DIR=$(pwd)
export GIT_DIR
spool=$GIT_DIR/hawser-spool
lock=$spool/.lock
mkdir -p "$spool" || exit 0

# A push may change several refs; each is a delivery of its own. Its name is the same each time that it is sent.
keep() {
  head=$(git symbolic-ref -q --short HEAD | json)
  # Pushes of one second are told apart by their processes, so that they are sent in their order.
  now=$(date +%s)-$(printf %010d $$)
  count=1000
  while read -r before after ref; do
    count=$((count + 1))
    id=$(openssl rand -hex 16) || id=$(date +%s)$$$count
    printf '{"repository":"%s","ref":"%s","before":"%s","after":"%s","defaultBranch":"%s"}' \\
      "$repository" "$(printf %s "$ref" | json)" "$before" "$after" "$head" >"$spool/.$id" &&
      mv "$spool/.$id" "$spool/$now-$count-$id"
  done
  # A hawser that is gone for good does not fill the disk.
  set -- "$spool"/[0-9]*
  [ $# -le 10000 ] || rm -f "$1"
}

json() {
  sed 's/\\\\/\\\\\\\\/g; s/"/\\\\"/g'
}

# HMAC-SHA256 by two plain hashes: as an argument of openssl, every user of this machine could read the secret.
signature() {
  key=$(printf %s "$secret" | hex)
  [ \${#key} -le 128 ] || key=$(printf %s "$secret" | openssl dgst -sha256 -binary | hex)
  {
    pad 92
    {
      pad 54
      cat "$1"
    } | openssl dgst -sha256 -binary
  } | openssl dgst -sha256 -r | cut -d ' ' -f 1
}

hex() {
  od -An -v -tx1 | tr -d ' \\n'
}

# The key as 64 bytes, each with other bits turned.
pad() {
  rest=$key
  left=64
  while [ $left -gt 0 ]; do
    next=\${rest#??}
    byte=\${rest%"$next"}
    rest=$next
    printf "\\\\$(printf %03o $((0x\${byte:-00} ^ $1)))"
    left=$((left - 1))
  done
}

# 0: taken, or set aside because it never will be. 1: to be sent again.
send() {
  answer=$(curl -sS -o /dev/null -w '%{http_code}' --max-time 30 -X POST \\
    -H 'content-type: application/json' -H "x-hawser-delivery: \${1##*-}" -H "x-signature: sha256=$(signature "$1")" \\
    --data-binary "@$1" "$url" 2>"$spool/.error")
  case $answer in
    2??) rm -f "$1" ;;
    400 | 413 | 422) mkdir -p "$spool/refused" && mv "$1" "$spool/refused/" ;;
    *)
      echo "hawser answered $answer" >>"$spool/.error"
      return 1
      ;;
  esac
}

waiting() {
  set -- "$spool"/[0-9]*
  [ -e "$1" ]
}

send_all() {
  for file in "$spool"/[0-9]*; do
    [ -e "$file" ] || continue
    send "$file" || return 1
  done
}

# One process at a time sends; what another has put down meanwhile it sends, too.
take_lock() {
  mkdir "$lock" 2>/dev/null && echo $$ >"$lock/pid" && return 0
  [ -s "$lock/pid" ] || sleep 1
  holder=$(cat "$lock/pid" 2>/dev/null)
  # A sender writes its number at each attempt: after so long, something else has it.
  if is_alive "$holder" && [ -z "$(find "$lock/pid" -mmin +15 2>/dev/null)" ]; then
    return 1
  fi
  rm -rf "$lock"
  mkdir "$lock" 2>/dev/null && echo $$ >"$lock/pid"
}

# In containers, nobody may clear away what was killed.
is_alive() {
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

flush() {
  pause=1
  waited=0
  while waiting && take_lock; do
    until send_all; do
      [ $waited -lt 86400 ] || break
      sleep $pause
      waited=$((waited + pause))
      pause=$((pause * 2))
      [ $pause -le 300 ] || pause=300
      echo $$ >"$lock/pid"
    done
    rm -rf "$lock"
    [ $waited -lt 86400 ] || break
  done
}

case $1 in
  --flush)
    flush
    ;;
  *)
    keep
    command -v curl >/dev/null && command -v openssl >/dev/null ||
      echo "hawser: curl and openssl are needed to send $spool" >&2
    # By itself, without the streams that the push waits for.
    (trap '' HUP && exec sh "$hook" --flush) </dev/null >/dev/null 2>&1 &
    ;;
esac
exit 0
`;
}

/** As one word of the shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The inside of a JSON string. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
