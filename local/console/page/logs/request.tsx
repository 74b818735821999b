/** One request by its id, through every proxy that it passed, and what containers said about it. */
import { X } from 'lucide';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RequestView } from '../../protocol.ts';
import { Icon } from '../parts/icon.tsx';
import { read, says } from '../state/api.ts';
import { AccessTable } from './access-table.tsx';
import { ContainerLines } from './container-log.tsx';

/** Proxies write their lines some tenths of a second after the answer, on a busy machine later: further looks show what was not there yet. */
const AGAIN_MS = 1_000;
const LOOKS = 8;

export function RequestPanel({ requestId, back }: { requestId: string; back: string }): JSX.Element {
  const [view, setView] = useState<RequestView>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const look = (): void => {
      read<RequestView>(`/api/requests/${encodeURIComponent(requestId)}`).then(setView, (error: unknown) => {
        setProblem(says(error));
      });
    };
    look();
    let looks = 1;
    const again = setInterval(() => {
      look();
      looks += 1;
      if (looks === LOOKS) clearInterval(again);
    }, AGAIN_MS);
    return () => {
      clearInterval(again);
    };
  }, [requestId]);
  const panel = useRef<HTMLElement>(null);
  // A person who clicked far down in the log is taken to what came of it.
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: 'start' });
  }, [requestId]);
  return (
    <section ref={panel} tabIndex={-1} class="card padded stack request-panel" aria-label={`Request ${requestId}`}>
      <div class="panel-head">
        <h2>
          One request <span class="mono muted">{requestId}</span>
        </h2>
        <a class="button close" href={back} aria-label="Close">
          <Icon of={X} />
        </a>
      </div>
      {problem !== undefined && <p class="said-bad">{problem}</p>}
      {view?.lines.length === 0 && <p class="muted">No proxy wrote a line about it yet.</p>}
      {view !== undefined && view.lines.length > 0 && <AccessTable lines={view.lines} />}
      {view !== undefined && view.containerLines.length > 0 && <ContainerLines lines={view.containerLines} />}
    </section>
  );
}
