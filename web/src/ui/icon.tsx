import css from './icon.module.css';

const PATHS = {
  fleet: 'M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h6v6h-6Z',
  alarm: 'M12 3a6.5 6.5 0 0 0-6.5 6.5V14L4 17h16l-1.5-3V9.5A6.5 6.5 0 0 0 12 3ZM10 20.5h4',
  predict: 'M3 12h4l3-7 4 14 3-7h4',
  model: 'M4 20V10M10 20V4M16 20v-8M22 20H2M19 5l-3 3-4-4',
  health: 'M12 21s-8-5-8-11a4.6 4.6 0 0 1 8-3 4.6 4.6 0 0 1 8 3c0 6-8 11-8 11Z',
  policies:
    'M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5ZM8 14.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5Z',
  replay: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5M12 8v4.5l3 2',
  more: 'M5 11a1 1 0 1 1 0 2a1 1 0 1 1 0-2ZM12 11a1 1 0 1 1 0 2a1 1 0 1 1 0-2ZM19 11a1 1 0 1 1 0 2a1 1 0 1 1 0-2Z',
  help: 'M9.2 9a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2.1M12 17.4v.1M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19Z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13ZM15.5 15.5 21 21',
  back: 'M15 5l-7 7 7 7',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l12 7-12 7Z',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside a label: hidden from screen readers. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className={css['icon']} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
