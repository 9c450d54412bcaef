/**
 * The picture of a design: boxes and arrows read off its plan (drawing.ts), as Mermaid (mermaid.ts), or put in places
 * (layout.ts) and drawn as SVG (svg.ts).
 */
export { type Arrow, type Box, type Drawing, drawingOf, type Group } from './drawing.ts';
export { mermaidOf } from './mermaid.ts';
export { diagramStyle, drawingForPage, drawingToSvg } from './svg.ts';
