// The functions of jq that are written in jq, by the manual's words; they work on paths as far as their parts do.

import { parseDefinitions } from './parse.ts';
import type { Definition } from './syntax.ts';

const SOURCE = `
def select(f): if f then . else empty end;
def not: if . then false else true end;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def finites: select(isfinite);
def normals: select(isnormal);
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");

def map(f): [.[] | f];
def map_values(f): .[] |= f;
def add(f): reduce f as $x (null; . + $x);
def recurse: recurse(.[]?);
def recurse(f; condition): recurse(f | select(condition));
def in(xs): . as $key | xs | has($key);
def inside(xs): . as $part | xs | contains($part);
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("nth doesn't support negative index") else first(skip($n; f)) end;
def isempty(f): first((f | false), true);
def any(f; condition): isempty(first(f | condition | select(.))) | not;
def any(f): any(.[]; f);
def any: any(.);
def all(f; condition): isempty(first(f | condition | select(. | not)));
def all(f): all(.[]; f);
def all: all(.);
def IN(s): . as $x | any(s; . == $x);
def IN(source; s): any(source; IN(s));
def INDEX(stream; key): reduce stream as $row ({}; .[$row | key | tostring] = $row);
def INDEX(key): INDEX(.[]; key);
def GROUP_BY(f): group_by(f);
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; stream; key): stream | [., $index[key]];
def JOIN($index; stream; key; join): JOIN($index; stream; key) | join;

def to_entries: [keys[] as $key | {key: $key, value: .[$key]}];
def from_entries: reduce .[] as $entry ({};
  . + ($entry | {(.key // .Key // .name // .Name): (if has("value") then .value else .Value end)}));
def with_entries(f): to_entries | map(f) | from_entries;
def walk(f):
  def inner: if type == "object" then map_values(inner) elif type == "array" then map(inner) else . end | f;
  inner;
def combinations: if length == 0 then [] else .[0][] as $item | .[1:] | combinations | [$item] + . end;
def combinations($n): . as $items | [range($n) | $items] | combinations;

def del(f): delpaths([path(f)]);
def paths: path(..) | select(length > 0);
def paths(f): path(.. | select(f)) | select(length > 0);
def leaf_paths: paths(scalars);
def pick(f): . as $whole | reduce path(f) as $path (null; setpath($path; $whole | getpath($path)));
def tostream:
  path(def inner: (.[]? | inner), .; inner) as $path
  | getpath($path)
  | reduce path(.[]?) as $child ([$path, .]; [$path + $child]);
def fromstream(f):
  foreach f as $event ({done: false, value: null};
    (if .done then {done: false, value: null} else . end)
    | if ($event | length) == 2
      then .value |= setpath($event[0]; $event[1]) | .done = ($event[0] | length == 0)
      else .done = ($event[0] | length == 1) end;
    if .done then .value else empty end);
def truncate_stream(f): . as $depth | null | f | select(.[0] | length > $depth) | .[0] |= .[$depth:];

def test($re): test($re; null);
def match($re; $flags): matches($re; $flags)[];
def match($re): match($re; null);
def capture($re; $flags): match($re; $flags) | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def capture($re): capture($re; null);
def scan($re; $flags):
  match($re; "g" + $flags) | if .captures == [] then .string else [.captures[].string] end;
def scan($re): scan($re; null);
def split($re; $flags):
  . as $text
  | [match($re; "g" + $flags)]
  | . as $found
  | [range(length + 1) as $i
     | $text[(if $i == 0 then 0 else $found[$i - 1] | .offset + .length end):(if $i == ($found | length) then null else $found[$i].offset end)]];
def splits($re; $flags): split($re; $flags)[];
def splits($re): splits($re; null);
def sub($re; text; $flags):
  . as $in
  | [match($re; $flags)] as $found
  | [$found[] | [[.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries | text]] as $made
  | ([$made[] | length] | max) as $count
  | if $count == null or $count == 0 then $in
    else range($count) as $i
      | reduce range($found | length) as $m ({at: 0, text: ""};
          .text += $in[.at:$found[$m].offset] + $made[$m][$i] | .at = $found[$m].offset + $found[$m].length)
      | .text + $in[.at:] end;
def sub($re; text): sub($re; text; null);
def gsub($re; text; $flags): sub($re; text; "g" + $flags);
def gsub($re; text): gsub($re; text; null);
def ascii: [.] | implode;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def debug(f): .;
def debug: .;
`;

let parsed: ReadonlyMap<string, Definition> | undefined;

/** By `name/arity`; read when the first program is. */
export function prelude(): ReadonlyMap<string, Definition> {
  parsed ??= new Map(
    parseDefinitions(SOURCE).map((definition) => [`${definition.name}/${definition.parameters.length}`, definition]),
  );
  return parsed;
}
