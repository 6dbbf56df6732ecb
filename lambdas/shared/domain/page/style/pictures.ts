/** The flow of the ledger, and bars. */
export const pictures = `
.flow{display:block;width:100%;max-width:36rem;height:auto;margin:.8rem 0 1rem;overflow:visible}
.flow text{fill:var(--ink);font-size:13px}.flow .count{font-weight:700}.flow .reason{font-size:11.5px}
.flow .over{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
.flow .band{opacity:.24}
.pair{display:grid;gap:1rem 2rem;align-items:start}
.bar{display:block;width:100%;height:.75rem;border-radius:.2rem;margin:.35rem 0}
.bars{table-layout:auto}.bars th:first-child{width:1%;min-width:6rem;white-space:nowrap}.bars td:nth-child(2){min-width:3.5rem;padding-right:.8rem}.bars .n{width:1%;padding-left:.4rem}
.bars tbody tr>*{padding-top:.35rem;padding-bottom:.35rem}.bars .part .bar{height:.5rem;margin:.5rem 0}
.sides{table-layout:fixed;margin-bottom:.6rem}.sides th:first-child{width:30%}
.legend{list-style:none;margin:.4rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.875rem}
.legend svg{width:.7rem;height:.7rem;margin-right:.4rem}
`
