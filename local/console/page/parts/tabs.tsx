/** Tabs with the arrow keys, as https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ has them. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { route, set } from '../state/route.ts';

export interface Tab {
  readonly title: string;
  readonly content: () => ComponentChildren;
}

const nameOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }): JSX.Element {
  // In the address: a reload and the back button lead to the same tab.
  const picked = route.value.query.get('tab');
  const at = Math.max(
    0,
    tabs.findIndex(({ title }) => nameOf(title) === picked),
  );
  const setAt = (index: number): void => {
    set({ tab: index === 0 ? undefined : nameOf(tabs[index]?.title ?? '') });
  };
  const id = useId();
  const move = (event: KeyboardEvent): void => {
    const last = tabs.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    document.getElementById(`${id}-${String(next)}`)?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ title }, index) => (
          <button
            key={title}
            id={`${id}-${String(index)}`}
            type="button"
            role="tab"
            aria-selected={index === at}
            aria-controls={`${id}-panel`}
            tabIndex={index === at ? 0 : -1}
            onClick={() => {
              setAt(index);
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${String(at)}`}>
        {tabs[at]?.content()}
      </div>
    </div>
  );
}
