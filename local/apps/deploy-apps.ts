/** The steps from a started region to apps that run. */
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ListrTask } from 'listr2';
import { clientSettings } from '../region/client-settings.ts';
import { pushGivenImage } from '../images/push-given.ts';
import type { Resolved } from '../images/pull/registry-images.ts';
import type { Cdk } from '../deploy/cdk.ts';
import { deployRows } from '../deploy/deploy-rows.ts';
import { REGION } from '../region/paths.ts';
import { namesInTitle } from '../terminal/titles.ts';
import { watchedStep } from '../deploy/waiting/while-waiting.ts';
import type { App, AppOptions } from './app.ts';
import type { GivenImage } from './given-images.ts';
import { pullSteps } from './images-to-pull.ts';
import { registryImages } from './registry-images.ts';

async function putParameters(values: Readonly<Record<string, string>>, endpoint: string): Promise<void> {
  const ssm = new SSMClient(clientSettings(endpoint, REGION));
  for (const [Name, Value] of Object.entries(values))
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
}

/** Values for the stacks that have the parameter, by `<stack>:<parameter>`. */
function parametersOf({ stacks }: App, given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    stacks.flatMap(({ name, template }) =>
      Object.entries(given)
        .filter(([parameter]) => parameter in template.Parameters)
        .map(([parameter, value]) => [`${name}:${parameter}`, value]),
    ),
  );
}

/** An app's templates as one: it deploys as a whole, and orders its own stacks. */
function merged({ stacks }: App): unknown {
  const all = (part: 'Resources' | 'Parameters' | 'Outputs') =>
    Object.fromEntries(
      stacks.flatMap(({ name, template }) =>
        Object.entries(template[part]).map(([id, value]) => [`${name}/${id}`, value]),
      ),
    );
  return { Resources: all('Resources'), Parameters: all('Parameters'), Outputs: all('Outputs') };
}

/** What apps need, where they are deployed to. */
export interface AppsDeployment {
  readonly apps: readonly App[];
  readonly options: AppOptions;
  readonly images: readonly GivenImage[];
  /** What is in registries, and was looked up. */
  readonly toPull: readonly Resolved[];
}

export function deployAppsSteps(
  { apps, options, images, toPull }: AppsDeployment,
  cdk: () => Cdk,
  endpoint: () => string,
): ListrTask[] {
  const byName = new Map(apps.map((app) => [app.name, app]));
  const rows = deployRows(new Map(apps.map((app) => [app.name, merged(app)])));
  const parameters = namesInTitle(Object.keys(options.ssm));
  const references = namesInTitle(images.map(({ reference }) => reference));
  return [
    ...(parameters === ''
      ? []
      : [{ title: `SSM parameters: ${parameters}`, task: () => putParameters(options.ssm, endpoint()) }]),
    ...(references === ''
      ? []
      : [
          {
            title: `images: ${references}`,
            task: async () => {
              for (const { reference, image } of images)
                await pushGivenImage(reference, image, { region: REGION, endpoint: endpoint() });
            },
          },
        ]),
    ...pullSteps(toPull, registryImages),
    ...rows.map((row) =>
      watchedStep({
        title: `deploy ${namesInTitle(row)}`,
        run: async (say) => {
          const deploys = row.flatMap((name) => byName.get(name) ?? []);
          await Promise.all(
            deploys.map((app) => cdk().deployAll(app.name, app.assembly, parametersOf(app, options.parameter), say)),
          );
        },
      }),
    ),
  ];
}
