/** The form to decide with. */
export const form = `
fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0;font-weight:650;margin-bottom:.4rem}
.choice{display:grid;grid-template-columns:auto 1fr;gap:.1rem .7rem;padding:.7rem .8rem;border:1px solid var(--line);border-radius:.6rem;margin:0 0 .5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choice input{width:1.15rem;height:1.15rem;margin:.2rem 0 0;accent-color:var(--accent)}
.choice b{display:block}.choice span span{color:var(--soft);font-size:.9rem;display:block;line-height:1.4}
label.field{display:block;font-weight:650;margin:.9rem 0 .2rem}
textarea{width:100%;min-height:6.5rem;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--soft);border-radius:.6rem;padding:.6rem .7rem;resize:vertical}
button{font:inherit;font-weight:650;width:100%;margin-top:.9rem;padding:.75rem 1rem;border:0;border-radius:.6rem;background:var(--accent);color:var(--on-accent);cursor:pointer;min-height:2.9rem}
.choice.grave{border-color:var(--breach);border-style:dashed}.choice.grave b{color:var(--breach)}.choice.grave:has(:checked){border-style:solid;box-shadow:inset 0 0 0 1px var(--breach)}
button.quiet{background:var(--card);color:var(--accent);border:1px solid currentColor}
details{border-top:1px solid var(--line);margin-top:.8rem;padding-top:.8rem}summary{cursor:pointer;color:var(--accent);font-weight:650}
.places{list-style:none;margin:.6rem 0;padding:0}
.places li{display:flex;gap:.7rem;align-items:flex-start;padding:.3rem 0}.places svg{width:1.4rem;height:1.4rem;flex:none;margin-top:.1rem}
.places .filled svg{color:var(--pass)}.places .open svg{color:var(--soft);stroke-dasharray:3.9}
.places b,.places span span{display:block;line-height:1.4}.places span span{font-size:.875rem;color:var(--soft)}
.notes{margin:.8rem 0 0;padding:.7rem 0 0 1.1rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--soft)}.notes li{margin:.25rem 0}
.reason{white-space:pre-wrap}
`
