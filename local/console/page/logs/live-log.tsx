/** One of the logs: its filters, a pause, and the lines that pass, as they come. */
import { Pause, Play, ScrollText } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Region } from '../../protocol.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { Choice, choices, Text } from '../play/form.tsx';
import { route, set } from '../state/route.ts';
import { LONGEST_TEXT } from '../../protocol/limits.ts';
import { useLines } from './use-lines.ts';
import { useSettled } from './use-settled.ts';

/** Longer than between two keys: each text is a stream of its own. */
const SETTLED_MS = 300;

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
  const [paused, setPaused] = useState(false);
  const [held, setHeld] = useState(false);
  const field = (name: string) => ({
    value: route.value.query.get(name) ?? '',
    onChange: (value: string) => {
      set({ [name]: value });
    },
  });
  const picked = ['service', ...props.filters.map(({ name }) => name)].map((name) => [name, field(name).value]);
  const text = useSettled(field('text').value.slice(0, LONGEST_TEXT), SETTLED_MS);
  const query = [...picked, ['text', text], ['tail', TAIL]].filter(([, value]) => value !== '');
  const live = useLines<Line>(`${props.path}?${new URLSearchParams(query).toString()}`, paused);
  const { state, skipped } = live;
  const shown = useRef(live.lines);
  if (!held || shown.current.length === 0) shown.current = live.lines;
  const lines = shown.current;
  const services = choices(props.region.services.map(({ id }) => id));
  return (
    <div class="stack">
      <div class="filter-bar">
        <Choice label="Service" options={[['', 'all services'], ...services]} {...field('service')} />
        {props.filters.map(({ name, label, options }) => (
          <Choice key={name} label={label} options={options} {...field(name)} />
        ))}
        <Text label="Text" maxLength={LONGEST_TEXT} {...field('text')} />
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
          {state === 'lost' && 'disconnected '}
          {held && !paused && 'held while you are on the lines '}
          {skipped > 0 && `${String(skipped)} more than fit`}
        </span>
      </div>
      {lines.length === 0 ? (
        <State icon={ScrollText} title="No line yet">
          {props.hint}
        </State>
      ) : (
        <div
          onPointerMove={() => {
            setHeld(true);
          }}
          onPointerLeave={() => {
            setHeld(false);
          }}
          onFocusIn={() => {
            setHeld(true);
          }}
          onFocusOut={() => {
            setHeld(false);
          }}
        >
          {props.children(lines)}
        </div>
      )}
    </div>
  );
}
