/** Where one is, kept in the address' fragment: a reload and the back button work, and the server knows one page only. */
import { computed, signal } from '@preact/signals';
import { parseRoute } from './address.ts';

export { href, type View } from './address.ts';

const fragment = signal(location.hash);
addEventListener('hashchange', () => {
  fragment.value = location.hash;
});

export const route = computed(() => parseRoute(fragment.value));
