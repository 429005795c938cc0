// The pages that exist, with what shows that they have their content.

export const pagesOf = (machine) => [
  { name: 'fleet', path: '/', ready: 'canvas' },
  { name: 'alarms', path: '/alarms', ready: 'main [data-alarm]' },
  { name: 'alarm', path: `/alarms/${'1'.padStart(32, '0')}`, ready: 'main ol time' },
  { name: 'machine', path: `/machines/${machine}`, ready: '.uplot canvas' },
  { name: 'predict', path: '/predict', ready: 'main svg[role=img]' },
  { name: 'model', path: '/model', ready: 'main table' },
  { name: 'data-health', path: '/data-health', ready: 'main ol' },
  { name: 'policies', path: '/policies', ready: 'main svg[role=img]' },
  { name: 'replays', path: `/replays?id=${'ab'.repeat(16)}`, ready: 'main section section table' },
];
