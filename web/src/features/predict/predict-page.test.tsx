import { screen, waitFor, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { assessments, detail, problem, server } from '../../test/fake-api';
import { describedBy, fieldValue, textOf } from '../../test/read';
import { open } from '../../test/render';

const input = (name: string) => screen.findByRole('spinbutton', { name });
const judgement = () => screen.findByRole('region', { name: 'Judgement' });

describe('the page that checks a reading', () => {
  it('keeps the place of the form while the schema has not come', async () => {
    server.use(http.get('/api/schema/milling', () => delay('infinite')));
    open('/predict');
    expect(await screen.findByRole('heading', { name: 'Check a reading' })).toBeTruthy();
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('shows what failed when the schema cannot be had, and tries again', async () => {
    let isBroken = true;
    server.use(
      http.get('/api/schema/milling', () =>
        isBroken ? problem(503, { status: 503, code: 'model_not_ready', detail: 'No model is loaded.' }) : undefined,
      ),
    );
    const { user } = open('/predict');
    expect(textOf(await screen.findByRole('alert'))).toContain('No model is loaded.');
    isBroken = false;
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await input('Torque')).toBeTruthy();
  });

  it('judges the first example at once', async () => {
    open('/predict');
    expect(await within(await judgement()).findByText('No failure predicted')).toBeTruthy();
  });

  it('judges a preset with its reasons, and puts it into the URL', async () => {
    const { user } = open('/predict');
    await user.click(await screen.findByRole('button', { name: /Heat/ }));
    expect(await within(await judgement()).findByText('Failure predicted')).toBeTruthy();
    expect(textOf(screen.getByRole('region', { name: 'Why' }))).toContain('rotational speed 1,342');
    await waitFor(() => expect(new URLSearchParams(location.search).get('rotational_speed')).toBe('1342'));
  });

  it('opens with the reading that the URL holds', async () => {
    open('/predict?machine_id=L47230&air_temperature=298.9&process_temperature=309.1&rotational_speed=2861&torque=4.6');
    expect(fieldValue(await input('Torque'))).toBe('4.6');
    expect(fieldValue(await input('Tool wear'))).toBe('');
    expect(await within(await judgement()).findByText(/Complete the reading/)).toBeTruthy();
  });

  it('says why it cannot judge degrees Celsius, and converts them on request', async () => {
    const { user } = open('/predict');
    const air = await input('Air temperature');
    await user.clear(air);
    await user.type(air, '29');
    const panel = await judgement();
    expect(await within(panel).findByText(/Because the values look like another unit/)).toBeTruthy();
    expect(describedBy(air)).toContain('sent in °C it would be 302.15 K');
    expect(within(panel).queryByText('No failure predicted')).toBeNull();
    await user.click(screen.getByRole('button', { name: /Use 302.15/ }));
    expect(fieldValue(air)).toBe('302.15');
    expect(await within(panel).findByText('No failure predicted')).toBeTruthy();
  });

  it('keeps the form when the model cannot be reached', async () => {
    server.use(
      http.post('/api/predict', () => HttpResponse.error()),
      http.post('/api/predict/batch', () => HttpResponse.error()),
    );
    open('/predict');
    expect(textOf(await within(await judgement()).findByRole('alert'))).toContain('The server cannot be reached.');
    expect(fieldValue(await input('Torque'))).toBe('42.8');
  });

  it('copies what a machine said last', async () => {
    const { user } = open('/predict');
    await user.type(await screen.findByRole('combobox', { name: 'Or copy from machine' }), 'M18096');
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await within(await judgement()).findByText('Failure predicted')).toBeTruthy();
    expect(fieldValue(await screen.findByRole('textbox', { name: 'Machine id' }))).toBe(assessments.heat.machine_id);
    expect(fieldValue(await input('Rotational speed'))).toBe(String(assessments.heat.signals['rotational_speed']));
  });

  it('says when there is nothing to copy', async () => {
    server.use(
      http.get('/gateway/machines/M1', () => HttpResponse.json(detail(null))),
      http.get('/gateway/machines/M2', () => problem(404, { status: 404, code: 'unknown_machine', detail: 'no' })),
    );
    const { user } = open('/predict');
    const machine = await screen.findByRole('combobox', { name: 'Or copy from machine' });
    await user.type(machine, 'M1{Enter}');
    expect(await screen.findByText('This machine is registered but has never reported.')).toBeTruthy();
    await user.clear(machine);
    await user.type(machine, 'M2{Enter}');
    expect(await screen.findByText('There is no machine M2.')).toBeTruthy();
    expect(fieldValue(await input('Torque'))).toBe('42.8');
  });

  it('describes the curve over one signal in words', async () => {
    const { user } = open('/predict');
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Vary' }), 'Rotational speed');
    const name = /Failure probability over Rotational speed: 1,150\srpm 60\s%/;
    expect(await screen.findByRole('img', { name })).toBeTruthy();
  });
});
