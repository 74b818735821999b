/** Names and values, as a list of definitions. */
import type { ComponentChildren, JSX } from 'preact';

export type Fact = readonly [name: string, value: ComponentChildren];

export function Facts({ of }: { of: readonly (Fact | undefined)[] }): JSX.Element {
  return (
    <dl class="facts">
      {of
        .filter((fact) => fact !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
