/** What the server is asked, beyond the live events. The same build serves both sides, so types are enough here. */
import { signal } from '@preact/signals';
import type { ActionInput, ActionResult, Problem } from '../../protocol.ts';

const KEY = 'token';

/**
 * The address that `npm start` prints ends in `#token=…`. It moves to this tab's storage, so that it is in no history and
 * in no screenshot, and the fragment is free for the route.
 */
function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Absent: the page shows, and changes nothing. */
export const token = signal(takeToken());
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) {
    token.value = takeToken();
    location.hash = '';
  }
});

function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  token.value = undefined;
}

async function answer<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(path, init).catch(() => {
    throw new Error('The local region does not answer: start it with `npm start`.');
  });
  // Of a region before this one.
  if (response.status === 401) forgetToken();
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as Problem).problem);
  return body as Answer;
}

export const read = <Answer>(path: string): Promise<Answer> => answer<Answer>(path);

export const act = (action: ActionInput): Promise<ActionResult> =>
  answer<ActionResult>('/api/actions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token.value ?? ''}` },
    body: JSON.stringify(action),
  });

export const says = (error: unknown): string => (error instanceof Error ? error.message : String(error));
