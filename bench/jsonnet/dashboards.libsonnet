// Dashboards of panels of queries, laid out in rows.
{
  local target(expr, legend, ref) = { expr: expr, legendFormat: legend, refId: ref, format: 'time_series', intervalFactor: 2 },
  local letters = std.map(function(i) std.char(65 + i), std.range(0, 25)),

  panel(title, queries, unit='short', width=8):: {
    title: title,
    type: 'timeseries',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    fieldConfig: {
      defaults: {
        unit: unit,
        custom: { fillOpacity: 10, lineWidth: 1, showPoints: 'never', stacking: { mode: 'normal' } },
        thresholds: { mode: 'absolute', steps: [{ color: 'green', value: null }, { color: 'red', value: 80 }] },
      },
      overrides: [],
    },
    options: { legend: { displayMode: 'table', placement: 'right', calcs: ['lastNotNull', 'max'] }, tooltip: { mode: 'multi' } },
    targets: std.mapWithIndex(function(i, q) target(q.expr, q.legend, letters[i]), queries),
    width:: width,
  },

  local place(panels) = std.foldl(
    function(state, panel)
      local wraps = state.x + panel.width > 24;
      local x = if wraps then 0 else state.x;
      local y = if wraps then state.y + 7 else state.y;
      {
        x: x + panel.width,
        y: y,
        panels: state.panels + [panel { id: std.length(state.panels) + 1, gridPos: { x: x, y: y, w: panel.width, h: 7 } }],
      },
    panels,
    { x: 0, y: 0, panels: [] },
  ).panels,

  dashboard(title, panels, variables=[]):: {
    title: title,
    uid: std.substr(std.md5(title), 0, 16),
    schemaVersion: 36,
    tags: ['kubernetes-mixin'],
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        {
          name: v,
          type: 'query',
          query: 'label_values(kube_pod_info, %s)' % v,
          datasource: { type: 'prometheus', uid: '${datasource}' },
          refresh: 2,
          includeAll: true,
          multi: true,
        }
        for v in variables
      ],
    },
    panels: place(panels),
  },
}
