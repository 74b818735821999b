/** Which images the task definitions of an app name, as far as that is known before the deploy. */
import { isDeepStrictEqual } from 'node:util';
import { referenceIn } from '../../images/reference.ts';
import type { Template } from '../../support/check.ts';
import { isIntrinsic } from '../../support/findings.ts';
import { ACCOUNT, REGION } from '../region/paths.ts';
import type { AppOptions, AppStack, DockerAsset } from './app.ts';

type Variables = Readonly<Record<string, string>>;

/** The text that a template's value comes to, as far as that is known before the deploy. */
export function textOf(value: unknown, variables: Variables): string | undefined {
  if (typeof value === 'string') return value;
  if (!isIntrinsic(value)) return undefined;
  const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return typeof argument === 'string' ? variables[argument] : undefined;
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    const text = argument.replaceAll(/\$\{([\w:]+)\}/g, (whole, variable: string) => variables[variable] ?? whole);
    return text.includes('${') ? undefined : text;
  }
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const parts = argument[1].map((part) => textOf(part, variables));
    return parts.includes(undefined) ? undefined : parts.join(String(argument[0]));
  }
  return undefined;
}

/** What the command line gives values for. */
type Given = Pick<AppOptions, 'parameter' | 'ssm'>;

function variablesOf({ Parameters }: Template, { parameter, ssm }: Given): Variables {
  const values = Object.entries(Parameters).flatMap(([name, { Type, Default }]): [string, string][] => {
    const own = parameter[name] ?? Default;
    const value = own !== undefined && Type.startsWith('AWS::SSM::') ? ssm[own] : own;
    return value === undefined ? [] : [[name, value]];
  });
  return {
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::Partition': 'aws',
    ...Object.fromEntries(values),
  };
}

export interface ImageUse {
  readonly stack: string;
  readonly resource: string;
  readonly container: string;
  /** Absent when it is known only at the deploy. */
  readonly reference: string | undefined;
}

interface ContainerProperties {
  readonly Name?: unknown;
  readonly Image?: unknown;
}

export function imagesIn({ name, template }: AppStack, given: Given): ImageUse[] {
  const variables = variablesOf(template, given);
  return Object.entries(template.Resources).flatMap(([resource, { Type, Properties }]) => {
    const containers: unknown = Properties['ContainerDefinitions'];
    if (Type !== 'AWS::ECS::TaskDefinition' || !Array.isArray(containers)) return [];
    return (containers as ContainerProperties[]).map(({ Name, Image }) => ({
      stack: name,
      resource,
      container: String(Name),
      reference: textOf(Image, variables),
    }));
  });
}

/** The asset that CDK pushes under a reference. */
export const assetOf = (reference: string, assets: readonly DockerAsset[]): DockerAsset | undefined =>
  assets.find(({ hash }) => reference.endsWith(`:${hash}`));

/** Under which name an image is given: its reference, or the asset that it comes from. */
export function givenName(reference: string, assets: readonly DockerAsset[], files: Variables): string | undefined {
  const wanted = referenceIn(reference);
  const asset = assetOf(reference, assets);
  const names = asset === undefined ? [] : [asset.displayName, asset.hash];
  // The name of an asset is no reference.
  return Object.keys(files).find(
    (name) => names.includes(name) || (wanted !== undefined && isDeepStrictEqual(referenceIn(name), wanted)),
  );
}
