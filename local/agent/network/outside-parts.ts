/** What has to do with the world beyond the VPCs: the file that opens it, the names in there, and the ways out. */
import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import { NOTHING_OUTSIDE, OUTSIDE_FILE, OutsideSchema } from '../../region/outside.ts';
import type { OutsideNames } from '../core/names/vpc-zones.ts';
import { WAYS_OUT } from '../logs/log-keeper.ts';
import { WatchedFile } from '../orders/watched-file.ts';
import { UserNetwork } from '../runtime/user-network.ts';
import { OpenNames, type OpenNamesParts } from './open-names.ts';
import { WaysOut } from './ways-out.ts';

export interface OutsidePartsInput extends Pick<OpenNamesParts, 'book' | 'onChange'> {
  /** The region's run directory, and that of its logs. */
  readonly run: string;
  readonly logs: string;
  readonly log: (message: string) => void;
}

export function outsideParts({ run, logs, book, onChange, log }: OutsidePartsInput) {
  const outsideFile = new WatchedFile(join(run, OUTSIDE_FILE), OutsideSchema, NOTHING_OUTSIDE, log);
  const egress = () => outsideFile.content.egress;
  // As every program of this machine: its hosts file, its resolver.
  const lookUp = async (name: string): Promise<string[]> =>
    (await lookup(name, { all: true, family: 4 })).map(({ address }) => address);
  const openNames = new OpenNames({ egress, lookUp, book, onChange });
  const waysOut = new WaysOut({
    ...{ egress, onChange, log, logDirectory: join(logs, WAYS_OUT) },
    start: (router, host, logFile) => UserNetwork.start(router, host, logFile),
  });
  const outside = (clients: OutsideNames['clients']): OutsideNames => ({
    ...{ clients, host: egress().host, all: egress().all },
    addresses: openNames.addresses(),
  });
  /** @returns whether anything else is open than at the last look */
  const lookOutside = (): boolean => {
    if (!outsideFile.look()) return false;
    void openNames.look();
    return true;
  };
  return { lookOutside, openNames, outside, waysOut };
}
