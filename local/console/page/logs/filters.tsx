/** What the filter bars share. */
import { Pause, Play } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../parts/icon.tsx';
import type { Lines } from './use-lines.ts';

/** How many lines of the past one sees at first. */
const TAIL = '200';

/** The path with the filters that are set. */
export function filtered(path: string, filters: Readonly<Record<string, string>>): string {
  const set = Object.entries(filters).filter(([, value]) => value !== '');
  return `${path}?${new URLSearchParams([...set, ['tail', TAIL]]).toString()}`;
}

interface BarProps {
  readonly children: ComponentChildren;
  readonly paused: boolean;
  readonly onPause: (paused: boolean) => void;
  readonly now: Lines<unknown>;
}

export function FilterBar({ children, paused, onPause, now }: BarProps): JSX.Element {
  return (
    <div class="filter-bar">
      {children}
      <button
        type="button"
        class="button"
        onClick={() => {
          onPause(!paused);
        }}
      >
        <Icon of={paused ? Play : Pause} size={14} /> {paused ? 'Go on' : 'Pause'}
      </button>
      <span class="small muted" role="status">
        {now.state === 'lost' && 'disconnected'}
        {now.skipped > 0 && `${String(now.skipped)} more than fit`}
      </span>
    </div>
  );
}

export const servicesFor = (ids: readonly string[]): (readonly [string, string])[] => [
  ['', 'all services'],
  ...ids.map((id) => [id, id] as const),
];
