/** Where one is, kept in the address' fragment: a reload and the back button work, and the server knows one page only. */
import { computed, signal } from '@preact/signals';
import { changed, parseRoute, type Change } from './address.ts';

export { href, type Route, type View } from './address.ts';

const fragment = signal(location.hash);
addEventListener('hashchange', () => {
  fragment.value = location.hash;
});

export const route = computed(() => parseRoute(fragment.value));

/** Where one is, with other settings. */
export const here = (change: Change): string => changed(route.value, change);

/** Goes there without a step for the back button: settings are no places, and a text would be one for each letter. */
export function set(change: Change): void {
  const address = here(change);
  history.replaceState(null, '', address);
  fragment.value = address;
}
