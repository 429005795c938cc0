// Goal 16 on a running server: the stream is cut under a machine's page, the page says so, and after the cut it holds each
// stored reading once. BASE_URL=http://… node e2e/resume.mjs

import { BASE_URL, launch, openPage } from './browser.mjs';
import { startEdge } from './edge.mjs';
import { Report } from './goals/report.mjs';

const CUT_MS = 6_000;
const AFTER_MS = 5_000;

/** A machine that has reported within the last seconds. */
async function liveMachine() {
  const { machines } = await (await fetch(`${BASE_URL}/gateway/machines?limit=200`)).json();
  const found = machines.find(({ state }) => state === 'live');
  if (found === undefined) throw new Error('no machine reports');
  return found.machine_id;
}

/** What the server has stored of it since `fromMs`, oldest first: `second speed torque`. */
async function storedSince(machine, fromMs) {
  const lines = [];
  let cursor = '';
  for (;;) {
    const answer = await fetch(`${BASE_URL}/gateway/machines/${machine}/assessments?limit=200${cursor}`);
    const { assessments, next_cursor: next } = await answer.json();
    for (const { observed_at: at, signals } of assessments) {
      if (Date.parse(at) < fromMs) return lines.reverse();
      lines.push(
        `${Math.floor(Date.parse(at) / 1000)} ${signals.rotational_speed.toFixed(0)} ${signals.torque.toFixed(1)}`,
      );
    }
    if (next === null) return lines.reverse();
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

/** What the page's table says, oldest first, in the same form. */
async function shownRows(page) {
  const rows = await page
    .locator('[aria-label=Readings] tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  const number = (text) => Number(text.replaceAll(',', '').replace('−', '-').split('\u00a0')[0]);
  return rows.reverse().map((cells) => {
    const second = Date.parse(`${cells[0].replace(',', '')} UTC`) / 1000;
    return `${second} ${number(cells[4]).toFixed(0)} ${number(cells[5]).toFixed(1)}`;
  });
}

const report = new Report();
const edge = await startEdge(BASE_URL);
const browser = await launch();
try {
  const machine = await liveMachine();
  const { page } = await openPage(browser, { timezoneId: 'UTC' });
  await page.goto(`${edge.url}/machines/${machine}`);
  await page.getByText(/^Live ·/).waitFor();
  await page.getByRole('button', { name: 'Show as table' }).last().click();
  await page.locator('[aria-label=Readings] tbody tr').nth(3).waitFor();

  const cutAt = Date.now();
  edge.cut();
  await page.getByText(/^Reconnecting/).waitFor({ timeout: 20_000 });
  report.add(16, 'a cut is shown after', (Date.now() - cutAt) / 1000, '<= 3', 's');
  await page.waitForTimeout(Math.max(0, cutAt + CUT_MS - Date.now()));
  edge.mend();
  await page.getByText(/^Live ·/).waitFor({ timeout: 30_000 });
  await page.waitForTimeout(AFTER_MS);

  const rows = (await shownRows(page)).filter((row) => Number(row.split(' ')[0]) > cutAt / 1000 - 20);
  const [first, last] = [rows[0], rows.at(-1)].map((row) => Number(row.split(' ')[0]));
  // The first second of the window may have begun before it.
  const within = (row) => Number(row.split(' ')[0]) > first && Number(row.split(' ')[0]) <= last;
  const stored = (await storedSince(machine, first * 1000)).filter(within);
  const shown = rows.filter(within);
  const missing = stored.filter((row) => !shown.includes(row));
  report.add(16, 'stored readings of the time around the cut', stored.length, '>= 10');
  report.add(16, 'of them missing on the page', missing.length, '<= 0', '', missing.slice(0, 5).join('; '));
  const more = shown.filter((row, at) => shown.indexOf(row) !== at || !stored.includes(row));
  report.add(16, 'doubled or never stored', more.length, '<= 0', '', more.slice(0, 5).join('; '));
} finally {
  await browser.close();
  await edge.close();
}
report.end();
