/** The region as it is now, and the last minutes of its edges: kept up to date by the server's events. */
import { signal } from '@preact/signals';
import { SECONDS_KEPT } from '../../../region/history.ts';
import type { History, Region, Second } from '../../protocol.ts';
import { listen, type Connection, type Stream } from './stream.ts';

export const region = signal<Region>();
export const seconds = signal<readonly Second[]>([]);
export const connection = signal<Connection>('connecting');

/** The server looks once a second. */
const SILENCE_MS = 5_000;

function open(): Stream {
  return listen(
    '/api/events',
    {
      history: (data) => {
        seconds.value = (data as History).seconds;
      },
      region: (data) => {
        region.value = data as Region;
      },
      second: (data) => {
        seconds.value = [...seconds.value, data as Second].slice(-SECONDS_KEPT);
      },
    },
    (state) => {
      connection.value = state;
    },
    { silence: SILENCE_MS },
  );
}

/** A page that nobody sees listens to nothing: a browser has six connections for all of them together. */
export function goLive(): void {
  let stream = open();
  document.addEventListener('visibilitychange', () => {
    stream.close();
    if (!document.hidden) stream = open();
  });
}
