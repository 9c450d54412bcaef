import { diagramStyle } from '../diagram/svg.ts';

/** Colours by what they are for. Series differ in lightness too, so that they are told apart without colour. */
const light = `
  --paper: #ffffff; --ink: #1b1f24; --muted: #57606a; --rule: #d5dae0; --shade: #e8ebef;
  --good: #14692f; --bad: #b3261e; --open: #7a5200; --accent: #0b5394;
  --series-1: #0b5394; --series-2: #c75b12; --series-3: #3f8f5b; --series-4: #8e6bbf;
  --box: #eef4fb; --box-users: #f4f4f4; --box-store: #fdf3e1; --box-channel: #e9f6ec;`;
const dark = `
  --paper: #14171c; --ink: #e6e9ee; --muted: #a3adba; --rule: #363d47; --shade: #2a303a;
  --good: #6fd08c; --bad: #ff8a80; --open: #e8b95a; --accent: #8ab8f0;
  --series-1: #6aa9f4; --series-2: #f0a35e; --series-3: #86d9a4; --series-4: #c9aef0;
  --box: #1d2a3a; --box-users: #24272d; --box-store: #382c17; --box-channel: #1b3022;`;

/** Pixels of the window from which on charts are drawn wide. */
const WIDE_FROM = 760;

/** The style sheet of a page: light and dark, for screens from 320 pixels on, and for paper. */
export const pageStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 24px 20px 64px; max-width: 940px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 22px; line-height: 1.25; margin: 48px 0 12px; padding-top: 12px; border-top: 1px solid var(--rule); }
h3 { font-size: 17px; margin: 28px 0 8px; }
p { margin: 8px 0; }
a { color: var(--accent); }
.lead, .aside, .about, .more { color: var(--muted); }
.lead { font-size: 17px; margin-bottom: 16px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 12px 0 0; padding: 0; font-size: 14px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 12px; list-style: none; margin: 0; padding: 0; }
.card { border: 1px solid var(--rule); border-left: 5px solid var(--muted); border-radius: 6px; padding: 10px 14px; }
.card strong { display: block; font-size: 18px; line-height: 1.3; margin: 2px 0; }
.card.good { border-left-color: var(--good); } .card.bad { border-left-color: var(--bad); } .card.open { border-left-color: var(--open); }
.card .about, .card .more { font-size: 14px; }
.card .more { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
.good > strong, td.good, p.good { color: var(--good); } .bad > strong, td.bad, p.bad { color: var(--bad); }
.open > strong, td.open, p.open { color: var(--open); }
.scroll { overflow-x: auto; margin: 8px 0 16px; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; }
th.left, td.left { text-align: left; }
thead th, thead td { color: var(--muted); font-weight: 600; border-bottom-color: var(--muted); }
tbody th { font-weight: 600; }
td.text, th.text { max-width: 44ch; overflow-wrap: break-word; }
tbody th { min-width: 8em; }
td.long { min-width: 26ch; color: var(--muted); font-size: 13px; }
td.number, thead th { white-space: nowrap; }
.margin { color: var(--muted); }
details { margin: 8px 0; }
summary { cursor: pointer; font-size: 14px; color: var(--accent); }
figure { margin: 20px 0 24px; }
figcaption { font-weight: 600; margin-bottom: 4px; }
figure svg { display: block; height: auto; }
figure .chart { width: 100%; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
figure .wide { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0 0 4px; padding: 0; font-size: 13px; color: var(--muted); }
.legend svg { display: inline-block; vertical-align: -2px; margin-right: 6px; }
.picture { overflow-x: auto; }
.picture svg { margin: 0 auto; max-width: 100%; }
pre { background: var(--shade); border-radius: 6px; padding: 10px 14px; overflow-x: auto; font-size: 14px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
ul { padding-left: 22px; } li { margin: 3px 0; }
@media (min-width: ${WIDE_FROM}px) {
  figure .wide { display: block; } figure .narrow { display: none; }
}
@media (max-width: ${WIDE_FROM - 1}px) {
  body { padding: 16px 14px 48px; } h1 { font-size: 25px; } h2 { font-size: 20px; margin-top: 36px; }
}
${diagramStyle}
@media print {
  :root { color-scheme: light; ${light} --paper: #ffffff; --ink: #000000; --muted: #3d444d; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav { display: none; }
  figure .wide { display: block; } figure .narrow { display: none; }
  .picture, .scroll { overflow: visible; }
  .picture svg { min-width: 0 !important; }
  table { font-size: 8.5pt; } td.long { min-width: 0; font-size: 8pt; } td.number, thead th { white-space: normal; }
  th, td { padding: 3px 6px; }
  pre { white-space: pre-wrap; }
  h2, h3, figcaption { break-after: avoid; }
  figure, tr, .card { break-inside: avoid; }
  .card .more { display: block; }
  /* What was folded for a screen is read on paper, but for the figures that a chart shows already. */
  details::details-content { content-visibility: visible; display: block; }
  summary { color: var(--ink); font-weight: 600; list-style: none; }
  figure details { display: none; }
}
@page { margin: 16mm 14mm; }
`;
