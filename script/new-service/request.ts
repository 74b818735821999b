/** What `npm run new-service` was asked for, checked before anything is touched. */
import { SERVICE_NAMES, type ServiceName } from '@highlands/connected-service/names';
import { Complaint } from '../../local/region/complaint.ts';
import { PORTS, wholeNumber } from '../../local/terminal/whole-number.ts';

export interface Request {
  readonly name: string;
  readonly calls: readonly ServiceName[];
  /** Under which port its callers reach it. */
  readonly port: number;
}

export interface Asked {
  readonly names: readonly string[];
  readonly calls: readonly string[];
  readonly port: string | undefined;
}

export interface Taken {
  /** Alias ports by service. */
  readonly ports: ReadonlyMap<string, number>;
  /** Whether a project or a crate of this name is there. */
  readonly name: (name: string) => boolean;
}

/** `service-` is what the workspaces, the type checker and the template checks go by; letters are what the contract takes. */
const NAME = /^service(-[a-z]+)+$/;
/** Of a discovery name. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html */
const LONGEST_NAME = 64;

/** @throws Complaint that names the thing, the value and the remedy */
export function checkRequest({ names, calls, port }: Asked, taken: Taken): Request {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0)
    throw new Complaint('give one name: npm run new-service -- service-d --calls service-a');
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new Complaint(
      `"${name}" can't be a service: choose service- and lower-case letters, at most ${String(LONGEST_NAME)} characters, such as service-d`,
    );
  }
  if (taken.name(name)) throw new Complaint(`${name} is there already: choose another name`);
  return { name, calls: checkCalls(calls), port: checkPort(port, taken.ports) };
}

function checkCalls(calls: readonly string[]): ServiceName[] {
  const asked = calls.flatMap((list) => list.split(',')).map((name) => name.trim());
  const unknown = asked.find((name) => !SERVICE_NAMES.some((known) => known === name));
  if (unknown !== undefined)
    throw new Complaint(`--calls ${unknown}: no such service; choose from ${SERVICE_NAMES.join(', ')}`);
  return SERVICE_NAMES.filter((name) => asked.includes(name));
}

function checkPort(asked: string | undefined, ports: Taken['ports']): number {
  const port = wholeNumber(asked ?? String(Math.max(...ports.values()) + 1), ...PORTS);
  if (port === undefined) throw new Complaint(`--port ${String(asked)} is no port: give a number from 1 to 65535`);
  const [owner] = [...ports].find(([, other]) => other === port) ?? [];
  if (owner !== undefined)
    throw new Complaint(
      `--port ${String(port)} is the alias port of ${owner}: choose another, or leave it out for the next free one`,
    );
  return port;
}
