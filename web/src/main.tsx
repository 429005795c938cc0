import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App, createQueryClient } from './app/app';
import { firstAnswers } from './app/first-answers';
import { loadWords } from './i18n/t';
import { applyPrefs, prefsNow } from './lib/prefs';
import { LiveStore } from './live/store';
import './ui/tokens.css';
import './ui/global.css';

applyPrefs();

// A page of the last release asks for files that this release no longer has: load the page anew, once.
addEventListener('vite:preloadError', (event) => {
  const key = 'pm.reloaded';
  if (sessionStorage.getItem(key) !== null) return;
  sessionStorage.setItem(key, '1');
  event.preventDefault();
  location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const [live, queries] = [new LiveStore(), createQueryClient()];
const app = (
  <StrictMode>
    <App live={live} queries={queries} />
  </StrictMode>
);
// A language whose texts cannot be had is no reason to show nothing, nor is a page: its place says what is wrong. As a
// transition the first picture is made in small steps, between which the browser answers.
void Promise.allSettled([loadWords(prefsNow().lang), firstAnswers(location.pathname, { live, queries })]).then(() =>
  startTransition(() => createRoot(root).render(app)),
);
