/** What the templates of an app take for granted: images, parameters, exports. Pure, on what was read. */
import { collectorKind } from '../../agent/core/tracing/collector.ts';
import { parseReference } from '../../images/reference.ts';
import type { CheckRow, Template } from '../../support/check.ts';
import { isIntrinsic } from '../../support/findings.ts';
import { ACCOUNT, REGION } from '../region/paths.ts';
import { importsIn } from '../deploy-rows.ts';
import { NOTHING_YET, type App, type AppOptions, type AppStack, type DockerAsset, type Present } from './app.ts';

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

export function variablesOf({ Parameters }: Template, { parameter, ssm }: Given): Variables {
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

/** Under which name an image is given: its reference, or the asset that it comes from. */
export function givenName(reference: string, assets: readonly DockerAsset[], files: Variables): string | undefined {
  const wanted = JSON.stringify(parseReference(reference));
  const asset = assets.find(({ hash }) => reference.endsWith(`:${hash}`));
  const names = asset === undefined ? [] : [asset.displayName, asset.hash];
  return Object.keys(files).find((name) => names.includes(name) || sameReference(name, wanted));
}

function sameReference(name: string, wanted: string): boolean {
  try {
    return JSON.stringify(parseReference(name)) === wanted;
  } catch {
    return false; // the name of an asset, which is none
  }
}

function imageRows(app: App, options: AppOptions, present: Present): CheckRow[] {
  const { image: files } = options;
  return app.stacks
    .flatMap((stack) => imagesIn(stack, options))
    .flatMap(({ stack, resource, container, reference }): CheckRow[] => {
      const row = {
        stack,
        resource,
        type: 'AWS::ECS::TaskDefinition',
        property: `ContainerDefinitions[${container}].Image`,
      };
      if (reference === undefined)
        return [
          { ...row, note: 'known when it is deployed: it has to be in the local registry then', remedy: undefined },
        ];
      const isGiven = present.images.has(reference) || givenName(reference, app.dockerAssets, files) !== undefined;
      if (isGiven || collectorKind(reference) !== undefined) return [];
      const asset = app.dockerAssets.find(({ hash }) => reference.endsWith(`:${hash}`));
      return asset === undefined
        ? [
            {
              ...row,
              note: `image ${reference} is not here`,
              remedy: `--image ${reference}=<OCI layout, archive or docker save file>`,
            },
          ]
        : [
            {
              ...row,
              note: `image ${asset.displayName} would be built by Docker from ${asset.directory}`,
              remedy: `build it elsewhere and give it: --image ${asset.displayName}=<OCI layout, archive or docker save file>`,
            },
          ];
    });
}

/** SSM parameters that exist in every account, or come with the bootstrap. */
const PROVIDED = ['/cdk-bootstrap/', '/aws/service/'];

function parameterRows(apps: readonly App[], { parameter: given, ssm }: AppOptions, present: Present): CheckRow[] {
  const all = apps.flatMap(({ stacks }) => stacks);
  const written = new Set<unknown>(
    all.flatMap(({ template }) =>
      Object.values(template.Resources)
        .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
        .map(({ Properties }) => Properties['Name']),
    ),
  );
  return all
    .filter(({ name }) => !name.includes('/')) // a nested stack gets its parameters from its parent
    .flatMap(({ name: stack, template }) =>
      Object.entries(template.Parameters).flatMap(([resource, { Type, Default }]): CheckRow[] => {
        const value = given[resource] ?? Default;
        const row = { stack, resource, type: 'parameter', property: '' };
        if (value === undefined)
          return [{ ...row, note: 'it has no value', remedy: `--parameter ${resource}=<value>` }];
        if (!Type.startsWith('AWS::SSM::Parameter::') || PROVIDED.some((prefix) => value.startsWith(prefix))) return [];
        return written.has(value) || value in ssm || present.parameters.has(value)
          ? []
          : [{ ...row, note: `no stack writes the SSM parameter ${value}`, remedy: `--ssm ${value}=<value>` }];
      }),
    );
}

function exportRows(apps: readonly App[], present: Present): CheckRow[] {
  const all = apps.flatMap(({ stacks }) => stacks);
  const exported = new Set(
    all.flatMap(({ template }) => Object.values(template.Outputs).map(({ Export }) => JSON.stringify(Export?.Name))),
  );
  return all.flatMap(({ name: stack, template }) =>
    [...new Set(importsIn(template.Resources))]
      // A name that is put together at the deploy can't be looked for.
      .filter((name) => typeof name === 'string' && !exported.has(JSON.stringify(name)) && !present.exports.has(name))
      .map((name) => ({
        stack,
        resource: String(name),
        type: 'import',
        property: '',
        note: 'no stack exports it',
        remedy: 'give the app that does with --app too',
      })),
  );
}

function placeRows({ stacks }: App): CheckRow[] {
  return stacks.flatMap(({ name: stack, account = ACCOUNT, region = REGION }) =>
    account === ACCOUNT && region === REGION
      ? []
      : [
          {
            stack,
            resource: stack,
            type: 'environment',
            property: 'env',
            note: `it is for account ${account} in ${region}; this is ${ACCOUNT} in ${REGION}`,
            remedy: 'leave env out, or take it from CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION',
          },
        ],
  );
}

/** What apps need and nobody gives. */
export function needs(apps: readonly App[], options: AppOptions, present: Present = NOTHING_YET): CheckRow[] {
  return [
    ...apps.flatMap((app) => [...placeRows(app), ...imageRows(app, options, present)]),
    ...parameterRows(apps, options, present),
    ...exportRows(apps, present),
  ];
}
