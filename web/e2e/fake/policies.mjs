// Policies and replays of the fake server: the same bodies that the pages' own tests have.

import { runnerImport } from 'vite';

const FILE = new URL('../../src/test/fake-policies.ts', import.meta.url).pathname;
const { module: bodies } = await runnerImport(FILE);

/** The body for a path below `/gateway`, with nothing in it when `isEmpty`; null for a path of something else. */
export function policyBody(path, isEmpty) {
  const [, , room, name, what] = path.split('/');
  if (room === 'models') return { models: [] };
  if (room === 'replays') return replayBody(name, what, isEmpty);
  if (room !== 'policies') return null;
  if (name === undefined) return { policies: isEmpty ? [] : [bodies.policyDetail()] };
  if (what === 'versions') return { versions: [bodies.policyDetail()] };
  if (what === 'thresholds') return bodies.threshold;
  return what === 'preview' ? bodies.preview() : bodies.policyDetail();
}

function replayBody(id, what, isEmpty) {
  const item = bodies.replayItem({ state: 'done', progress: 1, machines_done: 50, result: bodies.result });
  if (id === undefined) return { replays: isEmpty ? [] : [item], next_cursor: null };
  return what === 'diff' ? bodies.replayDiff() : item;
}
