// Templates that include one another to a depth that no stack of JavaScript holds, and what helm v3.22.0 makes of them.

/** A define that includes itself from inside an if, a with and a range, through a pipeline and an argument, `.Values.levels` times. */
export const INCLUDES = `{{- define "down" -}}
{{- if gt (int .n) 0 }}
{{- with .items }}
{{- range $i, $x := . }}
l{{ $x }}{{ $i }}: {{ include "down" (dict "n" (sub (int $.n) 1) "items" $.items) | trim | quote | trunc 40 }} {{ kindOf . }}
{{- end }}
{{- end }}
{{- else -}}
end
{{- end }}
{{- end -}}
a: |
  {{- include "down" (dict "n" .Values.levels "items" (list 1)) | nindent 2 }}
`;

/** What helm prints of `INCLUDES` from four levels on to the deepest that it allows. */
export const INCLUDES_TEXT = `---
# Source: demo/templates/a.yaml
a: |
  
  l10: "l10: \\"l10: \\\\\\"l10: \\\\\\\\\\\\\\"l10: \\\\\\\\\\ int
`;

/** Every way to come from one template into the next: conditions, arguments, variables, chains, a range that breaks, tpl and template. */
export const ALL_WAYS = `
{{- define "a" -}}
{{- $n := int .n -}}
{{- if and (gt $n 0) (eq (include "b" (dict "n" (sub $n 1) "m" .m)) "ok") -}}ok{{- else if eq $n 0 -}}ok{{ else }}bad{{ end -}}
{{- end -}}
{{- define "b" -}}
{{- $r := (include "a" . | fromYaml | default dict).x -}}
{{- if or (eq 1 2) (include "c" .) -}}ok{{ end -}}
{{- end -}}
{{- define "c" -}}
{{- range until 3 -}}{{- if eq . 1 -}}{{ break }}{{ end }}{{- $y := include "d" $ -}}{{ $y }}{{- end -}}
{{- end -}}
{{- define "d" -}}{{ tpl "{{ if .n }}{{ include \\"e\\" . }}{{ end }}yes" . }}{{- end -}}
{{- define "e" -}}{{ template "f" . }}{{- end -}}
{{- define "f" -}}{{ with $ }}{{ .n | printf "%v%s" (include "g" $) }}{{ end }}{{- end -}}
{{- define "g" -}}{{ if le (int .n) 0 }}z{{ else }}{{ $_ := set . "n" (sub .n 1) }}{{ include "d" . | trunc 30 }}{{ end }}{{- end -}}
v: {{ include "d" (dict "n" .Values.levels) | quote }}
w: {{ include "a" (dict "n" .Values.k) | quote }}
`;
