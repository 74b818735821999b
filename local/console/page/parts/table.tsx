/** A table in a card that scrolls sideways where there is no room. */
import type { ComponentChildren, JSX } from 'preact';

export function Table(props: { label: string; head: readonly string[]; children: ComponentChildren }): JSX.Element {
  return (
    // What scrolls must be reachable by keyboard: https://dequeuniversity.com/rules/axe/4.11/scrollable-region-focusable
    <div class="card scroll" tabIndex={0} role="region" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            {props.head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}
