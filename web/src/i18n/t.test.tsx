import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { changePrefs } from '../lib/prefs';
import { open } from '../test/render';

afterEach(() => changePrefs({ lang: 'en' }));

describe('the language', () => {
  it('changes on the whole page when another one is chosen, and stays', async () => {
    const { user } = open('/predict');
    await user.click(screen.getByRole('button', { name: 'Keys and help' }));
    await user.click(screen.getByRole('radio', { name: 'Deutsch' }));
    expect(await screen.findByRole('heading', { name: 'Messung prüfen' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Datenlage' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('de');
    expect(JSON.parse(localStorage.getItem('pm.prefs') ?? '{}')).toMatchObject({ lang: 'de' });
  });
});
