import { raw } from 'hono/html'
import { createHash } from 'node:crypto'

/** The whole style of the page, inline, so that it loads nothing. No attribute `style`: the policy forbids it. */
const style = `
:root{color-scheme:light dark;--bg:#f4f6f5;--card:#fff;--ink:#16211e;--soft:#53625d;--line:#dce4e0;--accent:#0a6270;--on-accent:#fff;--pass:#1b6f39;--pass-bg:#e3f3e8;--fail:#8f4d00;--fail-bg:#fdefd8;--breach:#a9231b;--breach-bg:#fce5e3;--calm:#5d7f99;--flow:#2a8793;--grey:#8a9a95}
@media (prefers-color-scheme:dark){:root{--bg:#0f1619;--card:#172125;--ink:#e7eeeb;--soft:#a3b3ad;--line:#2c3a3f;--accent:#63c7d4;--on-accent:#06272c;--pass:#84d9a0;--pass-bg:#143020;--fail:#f3bd70;--fail-bg:#38280e;--breach:#ffa299;--breach-bg:#401917;--calm:#8fb2cc;--flow:#4fb3bf;--grey:#7d8e89}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.page{max-width:74rem;margin:0 auto;padding:0 1rem 3rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
.top{display:flex;align-items:center;gap:.6rem;padding:1rem 0;color:var(--soft);font-size:.9rem}
.top svg{width:1.6rem;height:1.6rem;flex:none;color:var(--accent)}
.top b{color:var(--ink);letter-spacing:.01em}
h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.1rem);line-height:1.2;margin:.2rem 0 .4rem;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.1rem;line-height:1.3;margin:0 0 .3rem}
h3{font-size:.95rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0 .6rem}
.soft{color:var(--soft)}.small{font-size:.875rem}
.lead{font-size:1.05rem;max-width:44rem;margin-bottom:1rem}
.grid{display:grid;gap:1rem;align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem;margin:0 0 1rem;min-width:0}
.banner{border-radius:.75rem;padding:.9rem 1.1rem;margin:0 0 1rem;display:flex;gap:.8rem;align-items:flex-start;border:1px solid currentColor}
.banner p{margin:0;color:var(--ink)}.banner svg{width:1.5rem;height:1.5rem;flex:none}
.pass{color:var(--pass);background:var(--pass-bg)}.fail{color:var(--fail);background:var(--fail-bg)}.breach{color:var(--breach);background:var(--breach-bg)}.info{color:var(--accent);background:var(--card)}
.badge{display:inline-block;font-size:.78rem;font-weight:700;letter-spacing:.04em;text-transform:uppercase;padding:.1rem .5rem;border-radius:1rem;white-space:nowrap}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:0 0 1rem}
.tiles div{flex:1 1 8.6rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.6rem .8rem}
.card .tiles div{background:var(--bg);border:0;flex-basis:7rem}
.tiles dt{font-size:.8rem;color:var(--soft)}.tiles dd{margin:0;font-size:1.25rem;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:normal;white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .5rem .5rem 0;border-bottom:1px solid var(--line)}
tr:last-child>*{border-bottom:0}
thead th{font-size:.78rem;color:var(--soft);font-weight:600;border-bottom-width:2px}
tbody th{font-weight:600;overflow-wrap:break-word}tbody th small{display:block;font-weight:400;color:var(--soft);font-size:.82rem;line-height:1.35}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}td.n:last-child,th.n:last-child{padding-right:0}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;font-size:.85em}
.list{list-style:none;margin:.3rem 0 0;padding:0}
.list li{padding:.6rem 0;border-top:1px solid var(--line)}.list li:first-child{border-top:0}
.list p{margin:0}
.was{display:grid;grid-template-columns:auto 1fr;gap:0 .6rem;margin:.2rem 0 0;font-size:.9rem}.was dt{color:var(--soft)}.was dd{margin:0}
.facts{display:grid;gap:.5rem 1rem;margin:.4rem 0 0}.facts dt{font-size:.8rem;color:var(--soft)}.facts dd{margin:0}
.ledger{display:grid;gap:1rem;align-items:start}
.flow{display:block;width:100%;max-width:30rem;height:auto;margin:.4rem auto 0}
.flow{overflow:visible}.flow text{fill:var(--ink);font-size:13px}.flow .count{font-weight:700}
.flow .band{opacity:.22}.c-flow{fill:var(--flow)}.c-pass{fill:var(--pass)}.c-calm{fill:var(--calm)}.c-grey{fill:var(--grey)}.c-fail{fill:var(--fail)}.c-breach{fill:var(--breach)}
.sum td:first-child{padding-left:1.1rem;color:var(--soft)}
fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0;font-weight:650;margin-bottom:.4rem}
.choice{display:grid;grid-template-columns:auto 1fr;gap:.1rem .7rem;padding:.7rem .8rem;border:1px solid var(--line);border-radius:.6rem;margin:0 0 .5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choice input{width:1.15rem;height:1.15rem;margin:.2rem 0 0;accent-color:var(--accent)}
.choice b{display:block}.choice span span{color:var(--soft);font-size:.9rem;display:block;line-height:1.4}
blockquote{margin:0 0 .8rem;padding:.1rem 0 .1rem .8rem;border-left:3px solid var(--line);white-space:pre-wrap}
label.field{display:block;font-weight:650;margin:.9rem 0 .2rem}
textarea{width:100%;min-height:6.5rem;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--soft);border-radius:.6rem;padding:.6rem .7rem;resize:vertical}
button{font:inherit;font-weight:650;width:100%;margin-top:.9rem;padding:.75rem 1rem;border:0;border-radius:.6rem;background:var(--accent);color:var(--on-accent);cursor:pointer;min-height:2.9rem}
footer{color:var(--soft);font-size:.85rem;margin-top:1.5rem}
@media (max-width:33.99rem){.flow text{font-size:16px}.criteria thead{position:absolute;left:-99rem}.criteria tr{display:grid;grid-template-columns:1fr auto;gap:.1rem .6rem;padding:.7rem 0;border-bottom:1px solid var(--line)}.criteria tr:last-child{border-bottom:0}.criteria tbody :is(th,td){display:block;border:0;padding:0}.criteria td.n{text-align:left;white-space:normal}.criteria td.verdict{grid-area:1/2}.criteria :is(.actual,.limit){grid-column:1/-1;font-size:.9rem}.criteria :is(.actual,.limit)::before{content:attr(data-name) ": ";color:var(--soft)}}
@media (min-width:34rem){.page .tiles>div{flex-basis:11rem}.card .tiles>div{flex-basis:7rem}.facts{grid-template-columns:1fr 1fr}.card{padding:1.3rem}}
@media (min-width:62rem){.grid{grid-template-columns:minmax(0,1fr) 23rem;gap:1.5rem}.side{position:sticky;top:1rem}.jump{display:none}.ledger{grid-template-columns:minmax(0,1.25fr) minmax(0,1fr)}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999}body{font-size:10pt}form,.jump,.skip{display:none}.grid,.ledger{display:block}.card,tr,li{break-inside:avoid}*{print-color-adjust:exact}}
`

/** Made here, as one text: the hash is of every character between the tags. */
export const styleElement = raw(`<style>${style}</style>`)
export const styleHash = createHash('sha256').update(style).digest('base64')
