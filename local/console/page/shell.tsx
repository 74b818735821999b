/** What stays on the page whatever the view: the way around, whether it is live, and the theme. */
import { Moon, Sun } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { whyStale } from '../words.ts';
import { focusHeading } from './parts/focus.ts';
import { Icon } from './parts/icon.tsx';
import { Problems } from './parts/problems.tsx';
import { connection, region } from './state/live.ts';
import { href, route, type Route, type View } from './state/route.ts';
import { theme, toggleTheme } from './state/theme.ts';

const VIEWS: readonly (readonly [View, string])[] = [
  ['map', 'Map'],
  ['services', 'Services'],
  ['logs', 'Logs'],
  ['traces', 'Traces'],
];

const SAID = { connecting: 'connecting', live: 'live', lost: 'disconnected' } as const;

/** Without settings such as the tab: a change of them opens nothing. */
const placeOf = ({ view, name, query }: Route): string => JSON.stringify([view, name, query.get('request')]);

export function Shell({ children }: { children: ComponentChildren }): JSX.Element {
  const { view } = route.value;
  const main = useRef<HTMLElement>(null);
  const stale = region.value === undefined ? undefined : whyStale(region.value);
  const title = VIEWS.find(([one]) => one === view)?.[1] ?? '';
  const opened = useRef(route.value);
  useEffect(() => {
    document.title = `${route.value.name ?? title} · Highlands`;
    const isSame = placeOf(opened.current) === placeOf(route.value);
    opened.current = route.value;
    // What had the focus is gone, or it is the link to this view; a panel that took the focus keeps it.
    const { activeElement } = document;
    if (isSame || main.current === null || (main.current !== activeElement && main.current.contains(activeElement)))
      return;
    focusHeading(main.current);
  }, [route.value]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The fragment is the route; the focus is what the link is for.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href={href('map')}>
          <img src="/icon.svg" alt="" />
          Highlands
        </a>
        <nav aria-label="Views">
          <ul>
            {VIEWS.map(([one, name]) => (
              <li key={one}>
                <a href={href(one)} aria-current={one === view ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="end">
          <span class={`live ${connection.value}`} role="status">
            {SAID[connection.value]}
          </span>
          <button
            type="button"
            class="plain"
            onClick={toggleTheme}
            aria-label={theme.value === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
          >
            <Icon of={theme.value === 'dark' ? Sun : Moon} />
          </button>
        </div>
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        {connection.value === 'lost' && (
          <p class="lost-banner" role="alert">
            The local region does not answer. What you see is the last known state; the page reconnects by itself.
          </p>
        )}
        {connection.value === 'live' && stale !== undefined && (
          <p class="lost-banner" role="status">
            {stale}
          </p>
        )}
        {/* The page of a service has its own. */}
        {(view !== 'services' || route.value.name === undefined) && (
          <Problems problems={region.value?.problems ?? []} />
        )}
        {children}
      </main>
    </>
  );
}
