import { screen, waitFor, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyChange } from '../../api/gateway.gen';
import { changePrefs } from '../../lib/prefs';
import { problem, server } from '../../test/fake-api';
import { policy, policyDetail, preview, threshold } from '../../test/fake-policies';
import { fieldValue, textOf } from '../../test/read';
import { open } from '../../test/render';

const region = (name: string) => screen.findByRole('region', { name });
const button = (name: string) => screen.findByRole('button', { name });
const isOff = (element: HTMLElement) => element.hasAttribute('disabled');

afterEach(() => changePrefs({ name: '' }));

async function change(user: ReturnType<typeof open>['user'], value: string) {
  const visit = await screen.findByRole('spinbutton', { name: 'A visit after an alarm' });
  await user.clear(visit);
  await user.type(visit, value);
}

describe('the page about policies', () => {
  it('keeps the place of its content while nothing has answered', async () => {
    server.use(http.get('/gateway/policies', () => delay('infinite')));
    open('/policies');
    expect(await screen.findByRole('heading', { name: 'Policies' })).toBeTruthy();
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('says that there is no policy', async () => {
    server.use(http.get('/gateway/policies', () => HttpResponse.json({ policies: [] })));
    open('/policies');
    expect(await screen.findByText('There is no alarm policy.')).toBeTruthy();
  });

  it('shows what failed, and what is in force when it is there', async () => {
    server.use(
      http.get('/gateway/policies/milling', () => problem(404, { status: 404, code: 'x', detail: 'No such thing.' })),
    );
    open('/policies');
    expect(textOf(await screen.findByRole('alert'))).toContain('No such thing.');
    server.resetHandlers();
    open('/policies');
    expect(await screen.findByText('Version 2 by Ada: Fewer visits')).toBeTruthy();
    expect(textOf(await region('Costs and budget'))).toContain('costs €3,400 in all');
  });

  it('saves only what was tried on the history, with a reason and a name, after the version that was seen', async () => {
    const sent: { body: PolicyChange; after: string | null }[] = [];
    server.use(
      http.put<never, PolicyChange>('/gateway/policies/milling', async ({ request }) => {
        const body = await request.json();
        sent.push({ body, after: request.headers.get('if-match') });
        return HttpResponse.json(policyDetail({ version: 3, reason: body.reason, policy: body.policy }), {
          status: 201,
        });
      }),
    );
    const { user } = open('/policies');
    expect(isOff(await button('Try it'))).toBe(true);
    await change(user, '250');
    const save = await button('Put in force');
    await user.type(screen.getByRole('textbox', { name: 'Why' }), 'Dearer visits');
    await user.type(screen.getByRole('textbox', { name: 'Your name' }), 'Bo');
    expect(isOff(save)).toBe(true);
    await user.click(await button('Try it'));
    expect(await screen.findByText(/1 come, 3 go\. It saves €600\./)).toBeTruthy();
    await waitFor(() => expect(isOff(save)).toBe(false));

    await change(user, '260');
    expect(await screen.findByText('The draft has changed since it was tried.')).toBeTruthy();
    expect(isOff(save)).toBe(true);
    await user.click(await button('Try it'));
    await waitFor(() => expect(isOff(save)).toBe(false));
    await user.click(save);
    expect(await screen.findByText(/Version 3 is in force/)).toBeTruthy();
    const costs = { ...policy.costs, visit: 260 };
    expect(sent).toEqual([
      { after: '"2"', body: { policy: { ...policy, costs }, reason: 'Dearer visits', actor: 'Bo' } },
    ]);
  });

  it('says when a shift would have had too much, and which alarms go', async () => {
    server.use(
      http.post('/gateway/policies/milling/preview', () => HttpResponse.json(preview({ within_budget: false }))),
    );
    const { user } = open('/policies');
    await change(user, '10');
    await user.click(await button('Try it'));
    expect(await screen.findByText(/A shift would have had 3 visits; the budget is 3\./)).toBeTruthy();
    expect(await screen.findByText(/One that goes was confirmed by a verdict/)).toBeTruthy();
    const gone = screen.getByRole('table', { name: 'Alarms that go (3)', hidden: true });
    expect(textOf(gone)).toContain('L47230');
  });

  it('puts what the gateway says beside the field', async () => {
    const errors = [{ pointer: '/policy/costs/visit', detail: 'must be 0 or more', code: 'invalid' }];
    server.use(
      http.post('/gateway/policies/milling/preview', () =>
        problem(422, { status: 422, code: 'invalid_policy', detail: 'the document is no alarm policy', errors }),
      ),
    );
    const { user } = open('/policies');
    await change(user, '-1');
    await user.click(await button('Try it'));
    expect(textOf(await screen.findByRole('alert'))).toContain('the document is no alarm policy');
    expect(textOf(await region('Costs and budget'))).toContain('must be 0 or more');
  });

  it('tells who was faster, and takes the newest version', async () => {
    server.use(
      http.put('/gateway/policies/milling', () =>
        problem(409, { status: 409, code: 'policy_conflict', detail: 'Cy has stored version 3: Winter' }),
      ),
    );
    changePrefs({ name: 'Bo' });
    const { user } = open('/policies');
    await change(user, '250');
    await user.click(await button('Try it'));
    await user.type(screen.getByRole('textbox', { name: 'Why' }), 'x');
    await waitFor(async () => expect(isOff(await button('Put in force'))).toBe(false));
    await user.click(await button('Put in force'));
    expect(await screen.findByText('Cy has stored version 3: Winter')).toBeTruthy();
    const costs = { ...policy.costs, visit: 99 };
    server.use(
      http.get('/gateway/policies/milling', () =>
        HttpResponse.json(policyDetail({ version: 3, author: 'Cy', reason: 'Winter', policy: { ...policy, costs } })),
      ),
    );
    await user.click(await button('Take the newest version'));
    expect(await screen.findByText('Version 3 by Cy: Winter')).toBeTruthy();
    expect(fieldValue(screen.getByRole('spinbutton', { name: 'A visit after an alarm' }))).toBe('99');
  });

  it('draws the costs over the threshold, and takes the cheapest into the draft', async () => {
    const { user } = open('/policies');
    const panel = await region('What each threshold would have cost');
    expect(await within(panel).findByRole('img', { name: /Costs over the threshold/ })).toBeTruthy();
    await user.click(within(panel).getByRole('button', { name: 'Show as table' }));
    const rows = within(within(panel).getByRole('table', { name: 'What each threshold would have cost' })).getAllByRole(
      'row',
    );
    expect(rows).toHaveLength(threshold.curve.length + 1);
    expect(textOf(rows.at(-1))).toContain('no alarm');
    await user.click(within(panel).getByRole('button', { name: 'Take 0.70 into the draft' }));
    const field = screen.getAllByRole('spinbutton', { name: 'Threshold' })[0];
    expect(field && fieldValue(field)).toBe('0.7');
    expect(isOff(await button('Try it'))).toBe(false);
  });

  it('says when there is nothing to count with', async () => {
    server.use(
      http.get('/gateway/policies/milling/thresholds/:mode', () =>
        HttpResponse.json({ ...threshold, basis: 'none', present: null, chosen: null, curve: [], proposal: null }),
      ),
    );
    open('/policies');
    expect(await screen.findByText(/Nothing to count with yet/)).toBeTruthy();
  });

  it('brings an older version back into the draft', async () => {
    const { user } = open('/policies');
    await user.click(await button('Into the draft'));
    const visit = await screen.findByRole('spinbutton', { name: 'A visit after an alarm' });
    await waitFor(() => expect(fieldValue(visit)).toBe('150'));
    await user.click(await button('Discard'));
    expect(fieldValue(visit)).toBe(String(policy.costs.visit));
  });
});
