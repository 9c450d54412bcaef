import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareToHtml, renderPage } from '../report/index.ts';
import { adviceOf, compareOf, tuningOf } from './answers.fixture.ts';
import { findBrowser } from './browser.fixture.ts';
import { HOSTILE, hostile, planned, resultsFor, shop } from './results.fixture.ts';

/** Opened in a real browser. Where there is none these tests are skipped, and the name of the suite says why. */
const browserPath = findBrowser();
const why =
  browserPath === null ? ' (skipped: no Chromium on the PATH; .ci/install-chromium.sh installs one)' : '';

interface View {
  readonly design: 'shop' | 'hostile' | 'answers' | 'hostile-answers' | 'compared' | 'hostile-compared';
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

const views: readonly View[] = [
  { design: 'shop', width: 390, scheme: 'light' },
  { design: 'shop', width: 390, scheme: 'dark' },
  { design: 'shop', width: 1440, scheme: 'light' },
  { design: 'shop', width: 1440, scheme: 'dark' },
  { design: 'hostile', width: 390, scheme: 'dark' },
  { design: 'hostile', width: 1440, scheme: 'light' },
  { design: 'answers', width: 390, scheme: 'light' },
  { design: 'answers', width: 1440, scheme: 'dark' },
  { design: 'hostile-answers', width: 390, scheme: 'dark' },
  { design: 'hostile-answers', width: 1440, scheme: 'light' },
  { design: 'compared', width: 390, scheme: 'dark' },
  { design: 'compared', width: 1440, scheme: 'light' },
  { design: 'hostile-compared', width: 390, scheme: 'light' },
  { design: 'hostile-compared', width: 1440, scheme: 'dark' },
];

describe.skipIf(browserPath === null)(`pages in a browser${why}`, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-pages-'));
  const fileOf = (design: string): string => join(folder, `${design}.html`);

  beforeAll(async () => {
    for (const [design, text] of [
      ['shop', shop],
      ['hostile', hostile],
    ] as const) {
      writeFileSync(fileOf(design), await renderPage(await resultsFor(text), 'html'));
    }
    for (const [design, text, name] of [
      ['', shop, 'web'],
      ['hostile-', hostile, HOSTILE],
    ] as const) {
      const answers = {
        advice: adviceOf(name, name),
        tuning: tuningOf(name, name),
        command: name,
        version: '1',
      };
      writeFileSync(fileOf(`${design}answers`), await renderPage({ ...planned(text), ...answers }, 'html'));
      writeFileSync(fileOf(`${design}compared`), await compareToHtml(compareOf(name, name)));
    }
    // A sandbox of its own needs rights that a container, and root, do not have.
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test.each(views)('$design at $width px, $scheme', async ({ design, width, scheme }) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    const said: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => {
      said.push(dialog.message());
      dialog.dismiss().catch(() => undefined);
    });
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(fileOf(design)).href);
    await everyPictureIsNamed(page);
    await scrollsDownwardsAlone(page);
    await canBeRead(page);
    await page.close();
    expect(said).toEqual([]);
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(fileOf(design)).href]);
  });

  test('on paper it is light, as wide as the page, and nothing is folded but the figures of charts', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(pathToFileURL(fileOf('shop')).href);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.getByText('utilisation law').first().isVisible()).toBe(true);
    expect(await page.getByText('The same as a table').first().isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });
});

/** Each chart is there once for those who read the page by its roles and names, and so is each section. */
async function everyPictureIsNamed(page: Page): Promise<void> {
  const figures = await page.locator('figure').count();
  expect(figures).toBeGreaterThan(0);
  expect(await page.getByRole('img').count()).toBe(figures);
  expect(await page.getByRole('img', { name: /.{10,}/ }).count()).toBe(figures);
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  expect(await page.getByRole('region', { name: /./ }).count()).toBe(await page.locator('section').count());
}

/** With everything unfolded, since that is when it is widest. */
async function scrollsDownwardsAlone(page: Page): Promise<void> {
  await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
  const beyond = await page.evaluate<string[]>(`[...document.querySelectorAll('html, body *')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5 && !each.closest('.scroll, .picture, pre'))
    .map((each) => each.outerHTML.slice(0, 100))`);
  expect(beyond).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

/** Letters are large and dark enough. */
async function canBeRead(page: Page): Promise<void> {
  const texts = await page.evaluate<{ text: string; size: number; contrast: number }[]>(contrasts);
  expect(texts.length).toBeGreaterThan(40);
  expect(texts.filter(({ size }) => size < 8.5)).toEqual([]);
  // WCAG 2.2, 1.4.3: 4.5 for text of this size.
  expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
}

/** Of all visible texts: their size on the screen, and their contrast against the page. */
const contrasts = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('body *')].flatMap((each) => {
    const text = [...each.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() !== '').map((node) => node.data).join('');
    if (text === '' || !each.checkVisibility()) return [];
    const style = getComputedStyle(each);
    const svg = each.ownerSVGElement;
    const scale = svg === undefined || svg === null ? 1 : svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const colour = light(svg ? (style.fill === 'none' ? style.color : style.fill) : style.color);
    const contrast = (Math.max(colour, ground) + 0.05) / (Math.min(colour, ground) + 0.05);
    return [{ text: text.slice(0, 40), size: parseFloat(style.fontSize) * scale, contrast }];
  });
})()`;
