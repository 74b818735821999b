/** Where the keyboard is after what it was on went away: browsers take it back to the beginning of the page. */

/** To what a view or a panel is called. */
export function focusHeading(of: HTMLElement): void {
  const heading = of.querySelector<HTMLElement>('h1, h2') ?? of;
  heading.tabIndex = -1;
  heading.focus();
}
