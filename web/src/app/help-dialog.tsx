import { useId } from 'react';
import type { Dictionary } from '../i18n/en';
import { useWords } from '../i18n/t';
import { changePrefs, usePrefs } from '../lib/prefs';
import { Choice } from '../ui/choice';
import { Dialog } from '../ui/dialog';
import css from './help-dialog.module.css';

interface Props {
  pages: readonly { readonly path: string; readonly key: string; readonly label: (t: Dictionary) => string }[];
  onClose: () => void;
}

/** Settings of this browser, and every key. */
export function HelpDialog({ pages, onClose }: Props) {
  const { t } = useWords();
  const { theme, lang, shortcuts, name } = usePrefs();
  const nameId = useId();
  const keys: readonly (readonly [string, string])[] = [
    ...pages.map(({ key, label }) => [`g ${key}`, t.top.keyGo(label(t))] as const),
    ['/', t.top.keyFind],
    ['j k', t.top.keyQueue],
    ['← ↑ ↓ →', t.top.keyMove],
    ['Enter', t.top.keyOpen],
    ['a', t.top.keyAck],
    ['s', t.top.keyShelve],
    ['v', t.top.keyVerdict],
    ['?', t.top.keyHelp],
  ];
  return (
    <Dialog title={t.top.settings} onClose={onClose}>
      <div className={css['row']}>
        <span>{t.top.theme}</span>
        <Choice
          label={t.top.theme}
          value={theme}
          options={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t.top.themes[value] }))}
          onChange={(next) => changePrefs({ theme: next })}
        />
      </div>
      <div className={css['row']}>
        <span>{t.top.language}</span>
        <Choice
          label={t.top.language}
          value={lang}
          options={[
            { value: 'en', label: 'English' },
            { value: 'de', label: 'Deutsch' },
          ]}
          onChange={(next) => changePrefs({ lang: next })}
        />
      </div>
      <div className={css['row']}>
        <label htmlFor={nameId}>{t.top.name}</label>
        <input
          id={nameId}
          className={css['name']}
          value={name}
          maxLength={64}
          autoComplete="name"
          aria-describedby={`${nameId}h`}
          onChange={({ target }) => changePrefs({ name: target.value })}
        />
      </div>
      <p id={`${nameId}h`} className={css['hint']}>
        {t.top.nameHint}
      </p>
      <label className={css['row']}>
        <span>{t.top.shortcuts}</span>
        <input type="checkbox" checked={shortcuts} onChange={() => changePrefs({ shortcuts: !shortcuts })} />
      </label>
      <h3 className={css['keys']}>{t.top.keys}</h3>
      <dl className={css['list']}>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
