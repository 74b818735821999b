/** The theme in use, and the switch. `theme.ts` beside `main.tsx` sets it before the first paint. */
import { effect, signal } from '@preact/signals';

export type Theme = 'dark' | 'light';

const dark = matchMedia('(prefers-color-scheme: dark)');
const chosen = document.documentElement.dataset['theme'];
export const theme = signal<Theme>(chosen === 'dark' || chosen === 'light' ? chosen : dark.matches ? 'dark' : 'light');

dark.addEventListener('change', () => {
  if (localStorage.getItem('theme') === null) theme.value = dark.matches ? 'dark' : 'light';
});

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', theme.value);
}
