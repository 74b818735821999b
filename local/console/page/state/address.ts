/** Addresses of views, read and written. Pure. */

export type View = 'map' | 'services' | 'logs' | 'traces';

export interface Route {
  readonly view: View;
  /** What comes after the view: a service, a trace. */
  readonly name: string | undefined;
  readonly query: URLSearchParams;
}

const VIEWS: readonly View[] = ['map', 'services', 'logs', 'traces'];

/** None for a percent sign that begins no character: typed, or cut off by who passed the address on. */
function decoded(parts: readonly string[]): string[] {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return [];
  }
}

export function parseRoute(fragment: string): Route {
  const [path = '', query] = fragment.replace(/^#?\/?/, '').split('?');
  const [view, name] = decoded(path.split('/'));
  return {
    view: VIEWS.find((one) => one === view) ?? 'map',
    name: name === '' ? undefined : name,
    query: new URLSearchParams(query),
  };
}

export type Change = Readonly<Record<string, string | undefined>>;

/** The same view with other settings; those that are empty or undefined go. */
export function changed({ view, name, query }: Route, change: Change): string {
  const all = { ...Object.fromEntries(query), ...change };
  const kept = Object.entries(all).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
  return href(view, name, Object.fromEntries(kept));
}

export function href(view: View, name?: string, query?: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query).toString();
  return `#/${view}${name === undefined ? '' : `/${encodeURIComponent(name)}`}${search === '' ? '' : `?${search}`}`;
}
