/** What is wrong, as a list that is there only when something is. */
import type { JSX } from 'preact';
import type { RegionProblem } from '../../protocol.ts';
import { clock } from '../format.ts';
import { href } from '../state/route.ts';

export function Problems({ problems }: { problems: readonly RegionProblem[] }): JSX.Element | null {
  if (problems.length === 0) return null;
  return (
    <section class="problems" aria-label="What is wrong">
      <ul>
        {problems.map(({ name, service, what, since }) => (
          <li key={`${name} ${what}`}>
            {service === undefined ? <strong>{name}</strong> : <a href={href('services', service)}>{name}</a>}: {what}{' '}
            <span class="muted small">since {clock(since)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
