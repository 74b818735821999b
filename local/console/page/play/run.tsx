/** One action: its fields and button, the command line that does the same, and what came of it. */
import type { IconNode } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { commandText } from '../../command-line.ts';
import type { ActionInput, ActionResult } from '../../protocol.ts';
import { CommandLine } from '../parts/command.tsx';
import { Icon } from '../parts/icon.tsx';
import { href } from '../state/route.ts';
import { act, says, token } from '../state/api.ts';

type Outcome = { readonly result: ActionResult } | { readonly problem: string } | 'running' | undefined;

interface RunProps {
  /** Undefined while the form is not filled in. */
  readonly action: ActionInput | undefined;
  readonly button: string;
  readonly icon?: IconNode;
  /** The fields of its form. */
  readonly children?: ComponentChildren;
  readonly primary?: boolean;
}

export function Run({ action, button, icon, children, primary = false }: RunProps): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>();
  const running = outcome === 'running';
  const off = running || action === undefined || token.value === undefined;
  const run = async (): Promise<void> => {
    if (off) return;
    setOutcome('running');
    try {
      const result = await act(action);
      setOutcome({ result });
    } catch (error) {
      setOutcome({ problem: says(error) });
    }
  };
  return (
    // Fields pull in what is out of bounds themselves.
    <form
      class="run"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {children !== undefined && <div class="fields">{children}</div>}
      {/* A button with `disabled` loses the focus: https://developer.mozilla.org/docs/Web/Accessibility/ARIA/Reference/Attributes/aria-disabled */}
      <button type="submit" class={`button ${primary ? 'primary' : ''}`} aria-disabled={off} aria-busy={running}>
        {icon !== undefined && <Icon of={icon} size={14} />} {button}
      </button>
      {action !== undefined && <CommandLine text={commandText(action)} />}
      <div role="status">{outcome !== undefined && <OutcomeView outcome={outcome} action={action} />}</div>
    </form>
  );
}

function OutcomeView({
  outcome,
  action,
}: {
  outcome: NonNullable<Outcome>;
  action: ActionInput | undefined;
}): JSX.Element {
  if (outcome === 'running')
    return action?.action === 'load' ? <Running seconds={action.seconds} /> : <p class="small muted">running…</p>;
  if ('problem' in outcome) return <p class="outcome bad">{outcome.problem}</p>;
  const { ok, output, response } = outcome.result;
  if (response === undefined) return <pre class={`outcome ${ok ? '' : 'bad'}`}>{output.trim()}</pre>;
  return (
    <div class="outcome">
      <p class="outcome-head">
        <span class={`badge ${response.status < 400 ? 'ok' : 'bad'}`}>{response.status}</span>
        <span class="number">{Math.round(response.durationMs)} ms</span>
        {response.requestId === undefined ? (
          <a href={href('logs')}>Its line in the access log</a>
        ) : (
          <a href={href('logs', undefined, { request: response.requestId })}>Its way through the proxies</a>
        )}
      </p>
      <pre>{response.body}</pre>
    </div>
  );
}

/** A load answers when it is over; until then the bar runs as long as it does. */
function Running({ seconds }: { seconds: number }): JSX.Element {
  return (
    <div class="running">
      <span style={{ animationDuration: `${String(seconds)}s` }} />
      <p class="small muted">running for {seconds} s: watch the map</p>
    </div>
  );
}
