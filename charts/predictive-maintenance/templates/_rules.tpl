{{- /* Alerts. The burn rates of an SLO page fast for much and slowly for little: 14.4 x in an hour is 2 % of a month's budget. */ -}}
{{- define "pm.rules" -}}
{{- $r := .Values.monitoring.rules -}}
{{- $own := printf "namespace=%q" .Release.Namespace -}}
{{- $budget := subf 1.0 $r.objective -}}
{{- $doors := dict "predict" "pm_inference_http_requests_total" "gateway" "pm_gateway_http_requests_total" "ingest" "pm_ingest_http_requests_total" -}}
groups:
  - name: predictive-maintenance-slo
    rules:
      {{- range $door, $metric := $doors }}
      {{- range list (list 14.4 "1h" "5m" "2m" "critical") (list 6.0 "6h" "30m" "15m" "critical") (list 3.0 "1d" "2h" "1h" "warning") (list 1.0 "3d" "6h" "3h" "warning") }}
      {{- $bad := printf "sum(rate(%s{%s,status=~\"5..\"}[%%s])) / sum(rate(%s{%s}[%%s]))" $metric $own $metric $own }}
      {{- $threshold := mulf (index . 0) $budget }}
      - alert: ErrorBudgetBurns
        expr: |
          ({{ printf $bad (index . 1) (index . 1) }}) > {{ $threshold }}
          and ({{ printf $bad (index . 2) (index . 2) }}) > {{ $threshold }}
          and sum(increase({{ $metric }}{ {{- $own -}} }[{{ index . 1 }}])) > 100
        for: {{ index . 3 }}
        labels: {severity: {{ index . 4 }}, door: {{ $door }}, window: {{ index . 1 }}}
        annotations:
          summary: {{ $door }} spends its error budget {{ index . 0 }} times as fast as planned
          runbook_url: {{ $r.runbooks }}#errorbudgetburns
      {{- end }}
      {{- end }}
  - name: predictive-maintenance-stream
    rules:
      {{- range $service := list "inference" "gateway" }}
      - alert: StreamLags
        expr: sum(max by (topic, partition) (pm_{{ $service }}_station_lag_records{ {{- $own -}} })) > {{ int64 $r.lagRecords }}
        for: 5m
        labels: {severity: warning, service: {{ $service }}}
        annotations:
          summary: {{ $service }} is more than {{ int64 $r.lagRecords }} records behind
          runbook_url: {{ $r.runbooks }}#streamlags
      - alert: StreamStands
        expr: time() - max(pm_{{ $service }}_station_heartbeat_timestamp_seconds{ {{- $own -}} }) > {{ $r.staleSeconds }}
        for: 1m
        labels: {severity: critical, service: {{ $service }}}
        annotations:
          summary: {{ $service }} has not polled the log for more than {{ $r.staleSeconds }} s
          runbook_url: {{ $r.runbooks }}#streamstands
      - alert: StreamGone
        expr: absent(pm_{{ $service }}_station_heartbeat_timestamp_seconds{ {{- $own -}} })
        for: 5m
        labels: {severity: critical, service: {{ $service }}}
        annotations:
          summary: no {{ $service }} reports that it works
          runbook_url: {{ $r.runbooks }}#streamgone
      - alert: DeadLetters
        expr: |
          sum(rate(pm_{{ $service }}_station_rejected_total{ {{- $own -}} }[15m]))
          > 0.01 * sum(rate(pm_{{ $service }}_station_records_total{ {{- $own -}} }[15m]))
        for: 15m
        labels: {severity: warning, service: {{ $service }}}
        annotations:
          summary: more than one record in a hundred of {{ $service }} becomes a dead letter
          runbook_url: {{ $r.runbooks }}#deadletters
      {{- end }}
      - alert: IngestUnacknowledged
        expr: sum(rate(pm_ingest_readings_unacknowledged_total{ {{- $own -}} }[5m])) > 0
        for: 5m
        labels: {severity: warning, service: ingest}
        annotations:
          summary: the log does not acknowledge readings in time
          runbook_url: {{ $r.runbooks }}#ingestunacknowledged
  - name: predictive-maintenance-model
    rules:
      - alert: ModelRefused
        expr: min by (pod) (pm_inference_model_ready{ {{- $own -}} }) == 0
        for: 1m
        labels: {severity: critical, service: inference}
        annotations:
          summary: The pod {{ "{{ $labels.pod }}" }} refused its model; its log line "model refused" says why
          runbook_url: {{ $r.runbooks }}#modelrefused
      - alert: ModelsDiffer
        expr: count(count by (digest) (pm_inference_model_info{ {{- $own -}} })) > 1
        for: 30m
        labels: {severity: warning, service: inference}
        annotations:
          summary: replicas of inference have answered with different models for half an hour
          runbook_url: {{ $r.runbooks }}#modelsdiffer
{{- end -}}
