/** One link between a template and a proxy's configuration, and how its two sides are found. */
import type { Document, EnvoyView } from '../protocol/envoy.ts';
import { placesEnding, pointerTo, valueAt } from './pointers.ts';

export type Link = EnvoyView['links'][number];
export type Places = Link['envoy'];

/** One entry of `ServiceConnectConfiguration.Services`, its names resolved, with where its template lies. */
export interface Entry {
  readonly discoveryName: string;
  readonly portName: string;
  readonly containerPort: number;
  /** Document of the service that it belongs to, and its index there; absent when no stack made the service. */
  readonly document: Document | undefined;
  readonly index: number;
  readonly aliases: readonly { readonly dnsName: string; readonly port: number }[];
  /** Document of the task definition. */
  readonly taskDefinition: Document | undefined;
}

export const CONNECT = ['Properties', 'ServiceConnectConfiguration'];
export const API = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/';
export const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/';
export const ENVOY = 'https://www.envoyproxy.io/docs/envoy/latest/';

/** A place in a template when somebody set something there. */
export function templatePlace(document: Document | undefined, path: readonly (string | number)[]): Link['template'] {
  if (document === undefined || valueAt(document.json, path) === undefined) return undefined;
  return { document: document.id, pointer: pointerTo(path) };
}

export function ending(documents: readonly Document[], ...endings: readonly (readonly string[])[]): Places {
  return documents.flatMap(({ id, json }) =>
    endings.flatMap((keys) => placesEnding(json, keys)).map((pointer) => ({ document: id, pointer })),
  );
}
