/** What a view shows when it has nothing to show: it is loading, there is nothing yet, or something went wrong. */
import type { ComponentChildren, JSX } from 'preact';
import type { IconNode } from 'lucide';
import { Icon } from './icon.tsx';

export function State(props: {
  icon: IconNode;
  title: string;
  busy?: boolean;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`state ${props.busy === true ? 'busy' : ''}`} role={props.busy === true ? 'status' : undefined}>
      <Icon of={props.icon} size={32} />
      <h2>{props.title}</h2>
      {props.children !== undefined && <div class="muted">{props.children}</div>}
    </div>
  );
}
