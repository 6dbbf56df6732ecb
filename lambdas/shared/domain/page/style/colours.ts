/** Colours by meaning, by day and by night. On paper it is always day. */
const day =
  '--bg:#f4f6f5;--card:#fff;--ink:#16211e;--soft:#53625d;--line:#dce4e0;--accent:#0a6270;--on-accent:#fff;' +
  '--pass:#1b6f39;--pass-bg:#e3f3e8;--fail:#8f4d00;--fail-bg:#fdefd8;--breach:#a9231b;--breach-bg:#fce5e3;' +
  '--calm:#5d7f99;--flow:#2a8793;--grey:#a9b6b1'
const night =
  '--bg:#0f1619;--card:#172125;--ink:#e7eeeb;--soft:#a3b3ad;--line:#2c3a3f;--accent:#63c7d4;--on-accent:#06272c;' +
  '--pass:#84d9a0;--pass-bg:#143020;--fail:#f3bd70;--fail-bg:#38280e;--breach:#ffa299;--breach-bg:#401917;' +
  '--calm:#8fb2cc;--flow:#4fb3bf;--grey:#5f7179'
const meanings = ['flow', 'pass', 'calm', 'grey', 'fail', 'breach']

export const colours = `
:root{color-scheme:light dark;${day}}
@media screen and (prefers-color-scheme:dark){:root{${night}}}
@media print{:root{color-scheme:light;--bg:#fff;--ink:#000;--soft:#333;--line:#bbb}}
${meanings.map((name) => `.c-${name}{fill:var(--${name})}`).join('')}.c-track,.track{fill:var(--line)}
`
