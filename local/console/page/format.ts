/** Numbers as people read them. */

const RATE = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const COUNT = new Intl.NumberFormat('en');

export const count = (value: number): string => COUNT.format(value);

/** `12.3/s` */
export const rate = (perSecond: number): string => `${RATE.format(perSecond)}/s`;

/** `0.42 ms`, `12 ms`, `1.2 s` */
export function milliseconds(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 1000 ? `${RATE.format(value / 1000)} s` : `${RATE.format(value)} ms`;
}

/** A share of 0 to 1: `0 %`, `<0.1 %`, `12 %`. */
export function share(value: number): string {
  if (value > 0 && value < 0.001) return '<0.1 %';
  return `${RATE.format(Math.round(value * 1000) / 10)} %`;
}

const BYTES = new Intl.NumberFormat('en', {
  notation: 'compact',
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'narrow',
  maximumSignificantDigits: 3,
});
/** `1.2KB` */
export const bytes = (value: number): string => BYTES.format(value);

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
export const clock = (epochMs: number): string => CLOCK.format(epochMs);

/** `4 s`, `3 min`, `2 h`, `5 d` */
export function age(epochMs: number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - epochMs) / 1000));
  if (seconds < 90) return `${String(seconds)} s`;
  if (seconds < 5400) return `${String(Math.round(seconds / 60))} min`;
  return seconds < 172_800 ? `${String(Math.round(seconds / 3600))} h` : `${String(Math.round(seconds / 86_400))} d`;
}

/** The last part of an ARN or an image reference. */
export const shortName = (text: string): string => text.split('/').at(-1) ?? text;
