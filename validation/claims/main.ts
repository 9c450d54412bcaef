/** `npm run coverage`: writes docs/coverage.md. */
import { writeFileSync } from 'node:fs';
import { areas } from './areas.ts';
import { renderPage } from './page.ts';

writeFileSync(new URL('../../docs/coverage.md', import.meta.url), renderPage(areas));
console.log('Written: docs/coverage.md');
