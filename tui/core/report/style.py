"""How both documents look: on a screen light or dark, on paper black on white, A4 and Letter alike."""

CSS = """
:root { --ink: #111; --paper: #fff; --soft: #555; --line: #999; --box: #f3f3f3; --act: #b00020; --you: #1f5fbf;
  --machine: #555; --away: #bbb; --space: #d5d5d5; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181c; --soft: #aaa;
  --line: #666; --box: #22252b; --act: #ff8a80; --you: #7fb2ff; --machine: #aaa; --away: #4a4a4a; --space: #4a505a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1.08rem; margin: 1.2rem 0 .4rem; }
p, ul, dl, table, pre { margin: .5rem 0; }
ul { padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .1rem .8rem; }
dt { color: var(--soft); }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: break-word; }
.record td:last-child { overflow-wrap: anywhere; }
pre { font: .84rem/1.5 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; background: var(--box); border: 1px solid var(--line); padding: .4rem .9rem; }
pre.script { word-break: break-all; border-left: 4px solid var(--ink); padding-left: 2.4rem; text-indent: -1.5rem; }
pre.do { border-width: 2px; border-left-width: 8px; }
.script .sp { background: var(--space); }
.lead { font-size: 1.15rem; font-weight: 600; }
.soft { color: var(--soft); font-size: .9rem; }
.hidden { border: 2px solid var(--ink); padding: .5rem .8rem; }
.on { font-weight: 600; margin-bottom: 0; }
.on + pre { margin-top: .2rem; }
.step { border: 1px solid var(--line); padding: .2rem 1rem .8rem; margin: 1rem 0; }
.step > h3, .step > h4 { margin-top: .6rem; }
.step h4, .check h4 { font-size: 1rem; margin: .9rem 0 .2rem; }
.look { margin: .5rem 0 .5rem; padding-left: .8rem; border-left: 2px solid var(--line); }
.look p { margin: .2rem 0; }
.no-return { border: 3px double var(--act); color: var(--act); font-weight: 700; text-align: center; padding: .5rem;
  margin: .8rem 0 .4rem; letter-spacing: .12em; }
.done { border-top: 1px solid var(--line); margin: .9rem 0 0; padding-top: .7rem; font-weight: 600; }
.tick { display: inline-block; width: .95em; height: .95em; border: 2px solid var(--ink); margin-right: .5em;
  vertical-align: -.1em; }
.blank { display: inline-block; border-bottom: 1px solid var(--ink); height: 1.4em; min-width: 3em; }
.blank.wide { min-width: 14em; }
.reached { font-weight: 600; border: 1px solid var(--ink); padding: .4rem .8rem; }
svg { width: 100%; height: auto; display: block; margin: .6rem 0; }
svg text { font: 12px system-ui, "Segoe UI", sans-serif; fill: var(--ink); }
svg .axis { stroke: var(--line); }
svg .b-machine { fill: var(--machine); } svg .b-you { fill: var(--you); } svg .b-away { fill: var(--away); }
svg .b-steps { fill: var(--box); stroke: var(--ink); } svg .b-mark { fill: var(--paper); stroke: var(--ink); }
svg .b-bad { fill: var(--paper); stroke: var(--act); }
svg .small { font-size: 10.5px; }
summary { font-size: 1.25rem; font-weight: 700; cursor: pointer; margin: 2rem 0 .6rem; }
@page { margin: 15mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #333; --line: #777; --box: #fff; --act: #000; --you: #000;
    --machine: #777; --away: #ddd; --space: #d5d5d5; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  svg, .sp { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  pre { font-size: 7.4pt; line-height: 1.35; padding: .25rem .9rem; } pre.do { font-size: 9.5pt; }
  h2 { margin-top: 1.2rem; } h3 { margin-top: .7rem; } p, ul, dl, table, pre { margin: .3rem 0; }
  .step { margin: .7rem 0; padding-bottom: .5rem; } .step h4 { margin: .5rem 0 .1rem; } .done { margin-top: .5rem; }
  h2, h3, h4, .on, .no-return { break-after: avoid; }
  h2.page, section.page { break-before: page; }
  .step, .check, .look, pre, tr, .no-return, .value, svg { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
"""
