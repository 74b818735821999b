/** Icons of Lucide, which come as lists of SVG elements. */
import { h, type JSX } from 'preact';
import type { IconNode } from 'lucide';

export function Icon({ of, size = 16 }: { of: IconNode; size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
