/** One of the logs: its filters, a pause, and the lines that pass, as they come. */
import { Pause, Play, ScrollText } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Region } from '../../protocol.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { Choice, choices, Text } from '../play/form.tsx';
import { useLines } from './use-lines.ts';

/** How many lines of the past one sees at first. */
const TAIL = '200';

export interface Filter {
  /** As the query has it. */
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [string, string])[];
}

interface Props<Line> {
  readonly path: string;
  readonly region: Region;
  /** Those that only this log has. */
  readonly filters: readonly Filter[];
  /** What to do when no line is there. */
  readonly hint: ComponentChildren;
  readonly children: (lines: readonly Line[]) => JSX.Element;
}

export function LiveLog<Line extends { readonly id: string }>(props: Props<Line>): JSX.Element {
  const [set, setSet] = useState<Readonly<Record<string, string>>>({});
  const [paused, setPaused] = useState(false);
  const query = Object.entries({ ...set, tail: TAIL }).filter(([, value]) => value !== '');
  const { lines, state, skipped } = useLines<Line>(`${props.path}?${new URLSearchParams(query).toString()}`, paused);
  const field = (name: string) => ({
    value: set[name] ?? '',
    onChange: (value: string) => {
      setSet({ ...set, [name]: value });
    },
  });
  const services = choices(props.region.services.map(({ id }) => id));
  return (
    <div class="stack">
      <div class="filter-bar">
        <Choice label="Service" options={[['', 'all services'], ...services]} {...field('service')} />
        {props.filters.map(({ name, label, options }) => (
          <Choice key={name} label={label} options={options} {...field(name)} />
        ))}
        <Text label="Text" {...field('text')} />
        <button
          type="button"
          class="button"
          onClick={() => {
            setPaused(!paused);
          }}
        >
          <Icon of={paused ? Play : Pause} size={14} /> {paused ? 'Go on' : 'Pause'}
        </button>
        <span class="small muted" role="status">
          {state === 'lost' && 'disconnected'}
          {skipped > 0 && `${String(skipped)} more than fit`}
        </span>
      </div>
      {lines.length === 0 ? (
        <State icon={ScrollText} title="No line yet">
          {props.hint}
        </State>
      ) : (
        props.children(lines)
      )}
    </div>
  );
}
