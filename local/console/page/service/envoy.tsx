/** The proxy's configuration beside the template's lines: pick a sentence, and both sides show their part of it. */
import { FileQuestionMark, Loader } from 'lucide';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EnvoyView, Service } from '../../protocol.ts';
import { State } from '../parts/state.tsx';
import { read, says } from '../state/api.ts';
import { Documents, type Place } from './documents.tsx';
import { within } from './json-lines.ts';

export function EnvoyTab({ service }: { service: Service }): JSX.Element {
  const [view, setView] = useState<EnvoyView>();
  const [problem, setProblem] = useState<string>();
  const deployment = service.deployments[0]?.id;
  useEffect(() => {
    read<EnvoyView>(`/api/services/${encodeURIComponent(service.id)}/envoy`).then(setView, (error: unknown) => {
      setProblem(says(error));
    });
  }, [service.id, deployment, service.running]);
  if (view !== undefined) return <SideBySide view={view} connected={service.serviceConnect !== undefined} />;
  return problem === undefined ? (
    <State icon={Loader} title="Asking the proxy" busy />
  ) : (
    <State icon={FileQuestionMark} title="The configuration could not be read">
      {problem}
    </State>
  );
}

function SideBySide({ view, connected }: { view: EnvoyView; connected: boolean }): JSX.Element {
  const { template, envoy, links, taskId } = view;
  const [picked, setPicked] = useState(0);
  const link = links[picked];
  const pick = (side: 'template' | 'envoy', at: Place): void => {
    const found = links.findIndex((one) => {
      const places = side === 'envoy' ? one.envoy : one.template === undefined ? [] : [one.template];
      return places.some(({ document, pointer }) => document === at.document && within(at.pointer, pointer));
    });
    if (found >= 0) setPicked(found);
  };
  return (
    <div class="stack">
      <p class="muted small">
        {!connected
          ? 'This service is outside Service Connect: its tasks have no proxy.'
          : taskId === undefined
            ? 'No task runs, so there is no proxy to ask.'
            : `As the proxy of task ${taskId.slice(0, 8)} runs it. Pick a sentence, or a line.`}
      </p>
      <div class="side-by-side">
        <ol class="links" aria-label="What makes what">
          {links.map((one, index) => (
            <li key={index}>
              <button
                type="button"
                aria-pressed={index === picked}
                onClick={() => {
                  setPicked(index);
                }}
              >
                {one.says}
                {one.template === undefined && <span class="badge">default</span>}
              </button>
              {one.documentation !== undefined && index === picked && (
                <a class="small" href={one.documentation} target="_blank" rel="noreferrer">
                  AWS says
                </a>
              )}
            </li>
          ))}
        </ol>
        <Documents
          title="Template"
          of={template.map((one) => ({ ...one, title: `${one.logicalId} · ${one.type}` }))}
          places={link?.template === undefined ? [] : [link.template]}
          onPick={(at) => {
            pick('template', at);
          }}
        />
        <Documents
          title="Envoy"
          of={envoy}
          places={link?.envoy ?? []}
          onPick={(at) => {
            pick('envoy', at);
          }}
        />
      </div>
    </div>
  );
}
