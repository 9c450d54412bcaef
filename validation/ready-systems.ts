/** Ready systems, for cases that hold an answer about them to a sweep over all loads. */
import { readFileSync } from 'node:fs';

/** Those with goals; a sweep of image-site, of a million images, takes too long. */
export const judgedSystems: readonly string[] = [
  'api-free-tier',
  'black-friday',
  'checkout',
  'geo-failover',
  'microservices',
  'monolith',
  'scaling-ladder',
  'search-box',
  'url-shortener',
];

/** The design of a ready system as it is written, and the name of its file. */
export function readSystem(system: string): { readonly text: string; readonly file: string } {
  const file = `systems/${system}/design.yaml`;
  return { text: readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'), file };
}
