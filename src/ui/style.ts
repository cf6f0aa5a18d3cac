// The look of the pages: one neutral ramp, four meanings, light and dark.

export const STYLE = `
:root { --bg:#fcfcfd; --panel:#fff; --line:#d9dce3; --text:#1b1f27; --soft:#596070; --good:#1a6b3c; --differs:#8a5300; --bad:#b3261e; --working:#1c5bb8; --neutral:#596070; }
@media (prefers-color-scheme: dark) { :root { --bg:#121419; --panel:#191c23; --line:#333946; --text:#e7e9ee; --soft:#a3abba; --good:#6fcf97; --differs:#f2b661; --bad:#ff8a80; --working:#82b1ff; --neutral:#a3abba; } }
* { box-sizing:border-box }
body { margin:0; background:var(--bg); color:var(--text); font:14px/1.5 system-ui,sans-serif }
header { display:flex; gap:16px; align-items:baseline; padding:12px 24px; border-bottom:1px solid var(--line); background:var(--panel) }
.brand { font-weight:700; font-size:16px; text-decoration:none }
a { color:inherit }
main { max-width:1440px; margin:0 auto; padding:24px }
h1 { font-size:20px; margin:0 0 16px } h2 { font-size:16px; margin:24px 0 8px }
table { width:100%; border-collapse:collapse; background:var(--panel); border:1px solid var(--line); border-radius:6px; font-size:13px; font-variant-numeric:tabular-nums }
th,td { text-align:left; padding:8px 12px; border-bottom:1px solid var(--line); vertical-align:top; overflow-wrap:anywhere }
th { color:var(--soft); font-weight:600 }
tr:last-child td { border-bottom:0 }
.mono,code { font-family:ui-monospace,monospace; font-size:12px }
.badge { display:inline-block; padding:0 8px; border:1px solid currentColor; border-radius:6px; font-size:12px; font-weight:600; white-space:nowrap }
.good { color:var(--good) } .differs { color:var(--differs) } .bad { color:var(--bad) } .working { color:var(--working) } .neutral { color:var(--neutral) }
.state { font-size:16px } .condition { border-left:4px solid var(--differs); padding:4px 12px; margin:8px 0; overflow-wrap:anywhere }
dl { display:grid; grid-template-columns:max-content 1fr; gap:4px 16px } dt { color:var(--soft) } dd { margin:0 }
.empty { max-width:720px }
.who { margin-left:auto; color:var(--soft) }
.login { max-width:400px; margin:48px auto; padding:24px; background:var(--panel); border:1px solid var(--line); border-radius:6px }
.login form { display:grid; gap:4px }
.login label { margin-top:8px; font-weight:600 }
.login input { font:inherit; padding:8px; border:1px solid var(--line); border-radius:6px; background:var(--bg); color:var(--text) }
.login button,.button { display:block; width:100%; margin-top:16px; padding:8px 16px; border:0; border-radius:6px; background:var(--working); color:var(--bg); font:inherit; font-weight:600; text-align:center; text-decoration:none; cursor:pointer }
.login input:focus-visible,.login button:focus-visible,.button:focus-visible,a:focus-visible { outline:2px solid var(--working); outline-offset:2px }
.problem { margin:0 0 8px; padding:8px 12px; border-left:4px solid var(--bad); color:var(--bad) }
.hint,.or { color:var(--soft); font-size:12px; overflow-wrap:anywhere }
`;
