/** JSON documents one below the other, with the lines of the picked places marked and in sight. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Document } from '../../protocol.ts';
import { jsonLines, within, type JsonLine } from './json-lines.ts';

export interface Place {
  readonly document: string;
  readonly pointer: string;
}

interface Props {
  readonly title: string;
  readonly of: readonly Document[];
  readonly places: readonly Place[];
  readonly onPick: (at: Place) => void;
}

export function Documents({ title, of, places, onPick }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const documents = useMemo(() => of.map(({ id, title: name, json }) => ({ id, name, lines: jsonLines(json) })), [of]);
  useEffect(() => {
    const [marked] = box.current?.getElementsByClassName('marked') ?? [];
    if (box.current === null || !(marked instanceof HTMLElement)) return;
    box.current.scrollTo({ top: marked.offsetTop - box.current.clientHeight / 3, behavior: 'smooth' });
  }, [places]);
  return (
    <section class="documents card" aria-label={title}>
      <h2>{title}</h2>
      <div class="documents-scroll" ref={box} tabIndex={0}>
        {documents.map(({ id, name, lines }) => (
          <div key={id}>
            <h3>{name}</h3>
            <pre>
              {lines.map((line, index) => (
                <Line
                  key={index}
                  line={line}
                  marked={places.some((place) => place.document === id && within(line.pointer, place.pointer))}
                  onPick={() => {
                    onPick({ document: id, pointer: line.pointer });
                  }}
                />
              ))}
            </pre>
          </div>
        ))}
      </div>
    </section>
  );
}

function Line({ line, marked, onPick }: { line: JsonLine; marked: boolean; onPick: () => void }): JSX.Element {
  return (
    <div class={marked ? 'marked' : ''} style={{ paddingLeft: `${String(line.depth * 1.2 + 0.8)}em` }} onClick={onPick}>
      {line.key !== undefined && <span class="key">"{line.key}": </span>}
      <span class={line.kind}>{line.text}</span>
    </div>
  );
}
