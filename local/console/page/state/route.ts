/** Where one is, kept in the address' fragment: a reload and the back button work, and the server knows one page only. */
import { computed, signal } from '@preact/signals';

export type View = 'map' | 'services' | 'logs' | 'traces';

export interface Route {
  readonly view: View;
  /** What comes after the view: a service, a trace. */
  readonly name: string | undefined;
  readonly query: URLSearchParams;
}

const VIEWS: readonly View[] = ['map', 'services', 'logs', 'traces'];

export function parseRoute(fragment: string): Route {
  const [path = '', query] = fragment.replace(/^#?\/?/, '').split('?');
  const [view, name] = path.split('/').map(decodeURIComponent);
  return {
    view: VIEWS.find((one) => one === view) ?? 'map',
    name: name === '' ? undefined : name,
    query: new URLSearchParams(query),
  };
}

export function href(view: View, name?: string, query?: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query).toString();
  return `#/${view}${name === undefined ? '' : `/${encodeURIComponent(name)}`}${search === '' ? '' : `?${search}`}`;
}

const fragment = signal(location.hash);
addEventListener('hashchange', () => {
  fragment.value = location.hash;
});

export const route = computed(() => parseRoute(fragment.value));
