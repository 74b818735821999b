/** What the templates of an app take for granted: images, parameters, exports. Pure, on what was read. */
import { collectorKind } from '../support/collector-images.ts';
import { REFERENCE_FORM, referenceIn } from '../images/reference.ts';
import type { CheckRow } from '../support/check.ts';
import { ACCOUNT, REGION } from '../region/paths.ts';
import { exportsOf, importsIn, parametersWritten } from '../deploy/deploy-rows.ts';
import { NOTHING_YET, type App, type AppOptions, type Present } from './app.ts';
import { givenTwice } from './given-twice.ts';
import { assetOf, givenName, imagesIn } from './images-in.ts';
import { isKnownPublic } from './public-parameters.ts';
import { referenceRows } from './reference-rows.ts';

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
          {
            ...row,
            note: 'known when it is deployed: it is looked for then, in the local registry and in its own',
            remedy: undefined,
          },
        ];
      if (referenceIn(reference) === undefined)
        return [{ ...row, note: `image "${reference}" is no reference`, remedy: `write ${REFERENCE_FORM}` }];
      const isGiven = present.images.has(reference) || givenName(reference, app.dockerAssets, files) !== undefined;
      if (isGiven || collectorKind(reference) !== undefined) return [];
      const why = present.notHad?.get(reference);
      if (why === undefined) return [];
      const asset = assetOf(reference, app.dockerAssets);
      const file = '<OCI layout, archive or docker save file>';
      return asset === undefined
        ? [{ ...row, note: `image ${reference} can't be had: ${why}`, remedy: `--image ${reference}=${file}` }]
        : [
            {
              ...row,
              note: `image ${asset.displayName} can't be built from ${asset.directory}: ${why}`,
              remedy: `build it elsewhere and give it: --image ${asset.displayName}=${file}`,
            },
          ];
    });
}

/** SSM parameters that exist in every account, or come with the bootstrap. */
const isProvided = (name: string): boolean => name.startsWith('/cdk-bootstrap/') || isKnownPublic(name);

/** Nobody else writes these: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const isReserved = (name: string): boolean => /^\/?(?:aws|ssm)/i.test(name);

function parameterRows(apps: readonly App[], { parameter: given, ssm }: AppOptions, present: Present): CheckRow[] {
  const all = apps.flatMap(({ stacks }) => stacks);
  const written = new Set(all.flatMap(({ template }) => parametersWritten(template)));
  return all
    .filter(({ name }) => !name.includes('/')) // a nested stack gets its parameters from its parent
    .flatMap(({ name: stack, template, before = {} }) =>
      Object.entries(template.Parameters).flatMap(([resource, { Type, Default }]): CheckRow[] => {
        if (given[resource] === undefined && before[resource] !== undefined) return [];
        const value = given[resource] ?? Default;
        const row = { stack, resource, type: 'parameter', property: '' };
        if (value === undefined)
          return [{ ...row, note: 'it has no value', remedy: `--parameter ${resource}=<value>` }];
        if (!Type.startsWith('AWS::SSM::Parameter::') || isProvided(value)) return [];
        return written.has(value) || (value in ssm && !isReserved(value)) || present.parameters.has(value)
          ? []
          : [
              {
                ...row,
                note: isReserved(value)
                  ? `the local region does not have AWS’s SSM parameter ${value}`
                  : `no stack writes the SSM parameter ${value}`,
                remedy: isReserved(value)
                  ? `--parameter ${resource}=/own/name --ssm /own/name=<value>`
                  : `--ssm ${value}=<value>`,
              },
            ];
      }),
    );
}

function exportRows(apps: readonly App[], present: Present): CheckRow[] {
  const all = apps.flatMap(({ stacks }) => stacks);
  const exported = new Set(all.flatMap(({ template }) => exportsOf(template)).map((name) => JSON.stringify(name)));
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

/** What apps need and nobody gives, and what they give twice. */
export function needs(apps: readonly App[], options: AppOptions, present: Present = NOTHING_YET): CheckRow[] {
  return [
    ...givenTwice(apps),
    ...apps.flatMap((app) => [
      ...placeRows(app),
      ...app.stacks.flatMap(referenceRows),
      ...imageRows(app, options, present),
    ]),
    ...parameterRows(apps, options, present),
    ...exportRows(apps, present),
  ];
}
