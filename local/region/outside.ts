/**
 * What a person opens to tasks outside of the region: what their way out leads to. A file of its own, so that it holds until another deploy changes it, whatever becomes of faults.
 */
import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { moveInto } from './move-into.ts';
import { RUN } from './paths.ts';
import { AGAIN, readJson } from './read-json.ts';

const Port = z.number().int().min(1).max(65535);
const Destination = z.object({ host: z.string().min(1), port: Port });
export type Destination = Readonly<z.infer<typeof Destination>>;

const Egress = z.object({
  /** The services on this machine's loopback. */
  host: z.boolean(),
  /** Whatever this machine reaches beside its loopback. */
  all: z.boolean(),
  /** An address or a name, each with its port. */
  destinations: z.array(Destination),
});
export type Egress = Readonly<z.infer<typeof Egress>>;

export const CLOSED: Egress = { host: false, all: false, destinations: [] };

export const OutsideSchema = z.object({
  egress: Egress.default(CLOSED),
});
export type Outside = Readonly<z.infer<typeof OutsideSchema>>;

export const NOTHING_OUTSIDE: Outside = OutsideSchema.parse({});

/** Below the directory of the running region. */
export const OUTSIDE_FILE = 'outside.json';
const FILE = join(RUN, OUTSIDE_FILE);

/** @throws Complaint when there is something else in the file */
export const readOutside = (file = FILE): Outside =>
  existsSync(file) ? readJson(file, OutsideSchema, AGAIN) : NOTHING_OUTSIDE;

export const writeOutside = (outside: Outside, file = FILE): Promise<void> =>
  moveInto(file, JSON.stringify(outside, undefined, 2));

export const isOpen = ({ host, all, destinations }: Egress): boolean => host || all || destinations.length > 0;

/** What tasks call this machine. */
export const HOST_NAME = 'host.highlands.internal';

/** RFC 1123, section 2.1; the underscore is not of host names, and is in use. */
const NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$/;
/** An address that is mistyped is no name: https://url.spec.whatwg.org/#ends-in-a-number-checker */
const ENDS_IN_A_NUMBER = /(^|\.)\d+$/;

/** `HOST:PORT` with a name or an IPv4 address; undefined for anything else. */
export function destinationOf(text: string): Destination | undefined {
  const [, name = '', digits = ''] = /^([^:]+):(\d{1,5})$/.exec(text) ?? [];
  const host = name.toLowerCase();
  const port = Number(digits);
  if (port < 1 || port > 65535) return undefined;
  return isIPv4(host) || (NAME.test(host) && !ENDS_IN_A_NUMBER.test(host)) ? { host, port } : undefined;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host.startsWith('127.') || host === HOST_NAME;

/** @throws Error with one line that names the word and the remedy */
export function egressOf(text: string): Egress {
  const words = text.split(',').map((word) => word.trim());
  if (words.length === 1 && words[0] === 'none') return CLOSED;
  const destinations = words
    .filter((word) => word !== 'host' && word !== 'all')
    .map((word) => {
      if (word === 'none') throw new Error('"none" stands alone: leave it out, or leave the others out');
      const one = destinationOf(word);
      if (one === undefined)
        throw new Error(
          `"${word}" is not none, host, all or HOST:PORT, such as api.example.com:443 or 10.1.2.3:5432 (IPv4)`,
        );
      if (isLoopback(one.host))
        throw new Error(`"${word}" is on this machine: say host, which opens its loopback as ${HOST_NAME}`);
      return one;
    });
  return { host: words.includes('host'), all: words.includes('all'), destinations };
}
