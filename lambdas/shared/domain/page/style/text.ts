/** Text, headings, links and what is only heard. */
export const text = `
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.page{max-width:76rem;margin:0 auto;padding:0 1rem 3rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;align-items:center;gap:.6rem;padding:1rem 0;color:var(--soft);font-size:.9rem}
.top svg{width:1.6rem;height:1.6rem;flex:none;color:var(--accent)}
.top b{color:var(--ink);letter-spacing:.01em}
h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.1rem);line-height:1.2;margin:.2rem 0 .4rem;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.1rem;line-height:1.3;margin:0 0 .3rem}
h3{font-size:.95rem;margin:1.3rem 0 .3rem}
p{margin:.3rem 0 .6rem}
.soft{color:var(--soft)}.small{font-size:.875rem}
.lead{font-size:1.05rem;max-width:44rem;margin-bottom:1rem}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;font-size:.85em}
blockquote{margin:0 0 .8rem;padding:.1rem 0 .1rem .8rem;border-left:3px solid var(--line);white-space:pre-wrap}
footer{color:var(--soft);font-size:.85rem;margin-top:1.5rem}
`
