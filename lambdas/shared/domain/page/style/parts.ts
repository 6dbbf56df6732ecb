/** Cards, banners, tiles, tables and lists. */
export const parts = `
.grid{display:grid;gap:1rem;align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem;margin:0 0 1rem;min-width:0}
.message{max-width:44rem}
.banner{border-radius:.75rem;padding:.9rem 1.1rem;margin:0 0 1rem;display:flex;gap:.8rem;align-items:flex-start;border:1px solid currentColor}
.banner p{margin:0;color:var(--ink)}.banner svg{width:1.5rem;height:1.5rem;flex:none}
.pass{color:var(--pass);background:var(--pass-bg)}.fail{color:var(--fail);background:var(--fail-bg)}.breach{color:var(--breach);background:var(--breach-bg)}.info{color:var(--accent);background:var(--card)}
.badge{display:inline-block;font-size:.78rem;font-weight:700;letter-spacing:.04em;text-transform:uppercase;padding:.1rem .5rem;border-radius:1rem;white-space:nowrap}
.badge.plain{color:var(--soft);background:var(--bg)}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:0 0 1rem}
.tiles div{flex:1 1 8.6rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.6rem .8rem}
.card .tiles div{background:var(--bg);border:0;flex-basis:7rem}
.tiles dt{font-size:.8rem;color:var(--soft)}.tiles dd{margin:0;font-size:1.25rem;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:normal;white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .5rem .5rem 0;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{font-size:.78rem;color:var(--soft);font-weight:600;border-bottom-width:2px;vertical-align:bottom}
tbody th{font-weight:600;overflow-wrap:break-word}tbody th small{display:block;font-weight:400;color:var(--soft);font-size:.82rem;line-height:1.35}
.part th{font-weight:400;color:var(--soft);padding-left:1.1rem}.part td{color:var(--soft)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.v{text-align:right;font-variant-numeric:tabular-nums}
th:last-child,td:last-child{padding-right:0}
.differs .v{color:var(--fail);font-weight:650}
.list{list-style:none;margin:.3rem 0 0;padding:0}
.list li{padding:.6rem 0;border-top:1px solid var(--line)}.list li:first-child{border-top:0}
.list p{margin:0}
.was{display:grid;grid-template-columns:auto 1fr;gap:0 .6rem;margin:.2rem 0 0;font-size:.9rem}.was dt{color:var(--soft)}.was dd{margin:0}
.facts{display:grid;gap:.5rem 1rem;margin:.4rem 0 0}.facts dt{font-size:.8rem;color:var(--soft)}.facts dd{margin:0}
`
