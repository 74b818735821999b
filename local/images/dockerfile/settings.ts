/** What an image's configuration has after each instruction that sets something. */
import { join } from 'node:path';
import { inside } from './copying.ts';
import type { Step } from './stages.ts';
import { words, type Lookup } from './words.ts';

/** https://github.com/opencontainers/image-spec/blob/main/config.md#properties */
export interface Settings {
  User?: string;
  WorkingDir?: string;
  Env: string[];
  ExposedPorts: Record<string, object>;
  Labels: Record<string, string>;
  Volumes: Record<string, object>;
  Entrypoint?: string[];
  Cmd?: string[];
  StopSignal?: string;
  /** What runs a command that is no list. It is no part of the configuration. */
  shell: string[];
  /** Whether CMD is this stage's own: one from before goes with a new ENTRYPOINT. */
  isOwnCmd: boolean;
}

/** As BuildKit begins an image from scratch: https://github.com/moby/buildkit/blob/master/util/system/path.go */
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const NO_SETTINGS: Settings = {
  ...{
    WorkingDir: '/',
    Env: [PATH],
    ExposedPorts: {},
    Labels: {},
    Volumes: {},
    shell: ['/bin/sh', '-c'],
    isOwnCmd: false,
  },
};

/** A list in JSON; what is none is a command for a shell. */
export function listIn(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

const command = (text: string, { shell }: Settings): string[] => listIn(text) ?? [...shell, text];

/** `NAME=value …`, or `NAME value` as it was written before. */
export function assignments(text: string, lookup: Lookup, escape: string): [string, string][] {
  const [first = ''] = text.split(/\s/);
  if (!first.includes('=')) {
    const [, name = '', value = ''] = /^(\S+)\s+([\s\S]*)$/.exec(text) ?? [];
    return name === '' ? [] : [[name, words(value, lookup, escape).join(' ')]];
  }
  return words(text, lookup, escape).map((word) => {
    const at = word.indexOf('=');
    return at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
  });
}

export function withEnv(env: readonly string[], [name, value]: readonly [string, string]): string[] {
  const at = env.findIndex((one) => one.startsWith(`${name}=`));
  return at === -1 ? [...env, `${name}=${value}`] : env.with(at, `${name}=${value}`);
}

const NO_PART = new Set<string>(['shell', 'isOwnCmd'] satisfies (keyof Settings)[]);

/** What of it an image says. */
export const configOf = (settings: Settings): object =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !NO_PART.has(name)));

type Setter = (settings: Settings, words: string[], step: Step) => Settings;

/** Each has its words with the variables in them. */
export const SETTERS: Readonly<Record<string, Setter>> = {
  USER: (settings, [user = '']) => ({ ...settings, User: user }),
  EXPOSE: (settings, ports) => ({
    ...settings,
    ExposedPorts: {
      ...settings.ExposedPorts,
      ...Object.fromEntries(ports.map((port) => [port.includes('/') ? port : `${port}/tcp`, {}])),
    },
  }),
  WORKDIR: (settings, [path = '/']) => ({
    ...settings,
    WorkingDir: `/${inside(path.startsWith('/') ? path : join(settings.WorkingDir ?? '/', path))}`,
  }),
  VOLUME: (settings, paths, { text }) => ({
    ...settings,
    Volumes: { ...settings.Volumes, ...Object.fromEntries((listIn(text) ?? paths).map((path) => [path, {}])) },
  }),
  STOPSIGNAL: (settings, [signal = '']) => ({ ...settings, StopSignal: signal }),
  // Not of the words: a shell has its own variables.
  ENTRYPOINT: ({ Cmd, ...settings }, _, { text }) => ({
    ...settings,
    Entrypoint: command(text, { ...settings }),
    ...(settings.isOwnCmd && Cmd !== undefined ? { Cmd } : {}),
  }),
  CMD: (settings, _, { text }) => ({ ...settings, Cmd: command(text, settings), isOwnCmd: true }),
  SHELL: (settings, _, { text }) => ({ ...settings, shell: listIn(text) ?? settings.shell }),
  // ECS looks at the health check of the container definition alone: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
  HEALTHCHECK: (settings) => settings,
  MAINTAINER: (settings) => settings,
};
