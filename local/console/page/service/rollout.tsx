/** How far a deployment is: a bar and a word. */
import type { JSX } from 'preact';
import type { Deployment } from '../../protocol.ts';

const TONES = { IN_PROGRESS: 'info', COMPLETED: 'ok', FAILED: 'bad' } as const;
const WORDS = { IN_PROGRESS: 'in progress', COMPLETED: 'completed', FAILED: 'failed' } as const;

export function Rollout({ deployment: { rolloutState, progress } }: { deployment: Deployment }): JSX.Element {
  const percent = Math.round(Math.min(1, progress) * 100);
  return (
    <span class="rollout">
      <span class={`badge ${TONES[rolloutState]}`}>{WORDS[rolloutState]}</span>
      {rolloutState === 'IN_PROGRESS' && (
        <progress value={percent} max={100} aria-label="progress of the deployment">
          {percent} %
        </progress>
      )}
    </span>
  );
}
