/** `highlands up --app … --template …`, and `deploy` with the same: other people's apps on the local region. */
import { join } from 'node:path';
import { ignoredLines, isRefused } from '../../support/check.ts';
import { warningLines } from '../../support/warnings.ts';
import { NOTHING_YET, type App, type AppOptions, type Present } from '../../apps/app.ts';
import { synthesised, wrapped } from '../../apps/assemble.ts';
import { assetsToBuild, buildSteps, planBuilds } from '../../apps/built-images.ts';
import { checkApps } from '../../apps/check-apps.ts';
import { deployAppsSteps, type AppsDeployment } from '../../apps/deploy-apps.ts';
import { givenImages } from '../../apps/given-images.ts';
import { namesNotThere } from '../../apps/given-names.ts';
import { lookUp, oldOnes, referencesToPull, type LookedUpImages } from '../../apps/images-to-pull.ts';
import { registryImages } from '../../apps/registry-images.ts';
import { inOwnFolder } from '../../apps/own-folder.ts';
import { presentIn, withBefore } from '../../apps/present.ts';
import { deployedOf, keptValues } from '../../apps/variables.ts';
import { Cdk } from '../../deploy/cdk.ts';
import { regionSteps } from '../../deploy/region-steps.ts';
import { deployCommand } from '../repair.ts';
import { useRegion } from '../../region/environment.ts';
import { writeOutside } from '../../region/outside.ts';
import { RUN } from '../../region/paths.ts';
import { Complaint } from '../../region/complaint.ts';
import { consoleUrlOf, requireRegion, type Region } from '../../region/region-file.ts';
import { startRegion } from '../../supervisor/start-region.ts';
import { runSteps } from '../../terminal/rendering.ts';
import { table } from '../../terminal/tables.ts';
import { namesInTitle } from '../../terminal/titles.ts';
import { noteCdk } from '../../deploy/deploy-steps.ts';
import { status } from './status.ts';
import { inARegion, type UpOptions } from './up.ts';

/** Of what each command assembles. */
const FOLDERS = join(RUN, 'apps');

/** EX_DATAERR of sysexits.h: what was given can't be taken as it is. */
const UNSUPPORTED = 65;

export async function upApps(start: UpOptions, options: AppOptions): Promise<void> {
  await inARegion(start, [deployCommand(options)], () =>
    inOwnFolder(FOLDERS, async (folder) => {
      const prepared = await prepare(options, undefined, folder);
      const { steps, cdk, region } = regionSteps(() => startRegion(start.port, start.consolePort, start.outside));
      await runSteps([...steps, ...deployAppsSteps(prepared, cdk, () => region().endpoint)]);
      await status();
      console.log(`console: ${consoleUrlOf(region()) ?? ''}`);
    }),
  );
}

/** The same apps again, or further ones, into the region that runs. */
export async function deployApps(options: AppOptions): Promise<void> {
  const region = requireRegion();
  await inOwnFolder(FOLDERS, async (folder) => {
    const prepared = await prepare(options, region, folder);
    if (options.outside !== undefined) await writeOutside(options.outside);
    useRegion(region);
    const cdk = new Cdk(noteCdk);
    await runSteps(
      deployAppsSteps(
        prepared,
        () => cdk,
        () => region.endpoint,
      ),
    );
  });
}

/**
 * @param region what it has already need not be given again; absent when it is not started yet
 * @param directory of this command alone
 * @throws Complaint before anything starts, when something can't be done
 */
async function prepare(options: AppOptions, region: Region | undefined, directory: string): Promise<AppsDeployment> {
  const cdk = new Cdk(noteCdk);
  const assembled: App[] = [];
  // Numbered: two projects may have folders of the same name.
  const next = (): string => join(directory, String(assembled.length));
  await runSteps([
    {
      title: `synthesise and check ${namesInTitle([...options.app, ...options.template])}`,
      task: async () => {
        for (const project of options.app)
          assembled.push(await synthesised(project, next(), cdk, options.answer ?? {}));
        for (const file of options.template) assembled.push(wrapped(file, next(), options.answer ?? {}));
      },
    },
  ]);
  const known = region === undefined ? assembled : await withBefore(region.endpoint, assembled);
  const apps = known.map((app) => deployedOf(app, options));
  const notThere = namesNotThere(apps, options);
  if (notThere.length > 0) throw new Complaint(notThere.join('\n'), UNSUPPORTED);
  const present = region === undefined ? NOTHING_YET : await presentIn(region.endpoint, apps, options);
  const looked = await lookedUp(referencesToPull(apps, options, present));
  const plan = await planBuilds(assetsToBuild(apps, options, present));
  showCheck(apps, options, { ...present, notHad: new Map([...looked.notHad, ...plan.notHad]) });
  const built = [...plan.built];
  await runSteps(buildSteps(plan, (image) => built.push(image)));
  const given = await givenImages(apps, options).catch((error: unknown) => {
    throw new Complaint(error instanceof Error ? error.message : String(error), UNSUPPORTED);
  });
  for (const line of [...keptValues(apps, options), ...oldOnes(looked)]) console.log(line);
  return { apps, options, images: [...given, ...built], toPull: looked.resolved };
}

/** Whether the registries have the images that nobody gives, before anything starts. */
async function lookedUp(references: readonly string[]): Promise<LookedUpImages> {
  let found: LookedUpImages = { resolved: [], notHad: new Map() };
  if (references.length === 0) return found;
  await runSteps([
    {
      title: `look up images: ${namesInTitle(references)}`,
      task: async (_: unknown, task: { output: string }) => {
        found = await lookUp(references, await registryImages(), (line) => {
          task.output = line;
        });
      },
    },
  ]);
  return found;
}

/** Says what is left out. @throws Complaint with the table of what is not supported */
function showCheck(apps: readonly App[], options: AppOptions, present: Present): void {
  const rows = checkApps(apps, options, present);
  const left = ignoredLines(rows);
  if (left.length > 0) {
    console.log('Without effect here, and without harm:');
    console.log(table(['what', 'times', 'here'], left));
  }
  const warnings = warningLines(rows);
  if (warnings.length > 0) {
    console.log('WARNING: this runs, and what follows does not work here as it does on AWS:');
    console.log(table(['what', 'here, and what to do'], warnings));
  }
  const refused = rows.filter(isRefused);
  if (refused.length === 0) return;
  const lines = refused.map(({ stack, resource, type, property, note, remedy = '' }) => [
    stack,
    `${resource}\n${type}`,
    [property, note].filter((part) => part !== '').join('\n'),
    remedy,
  ]);
  throw new Complaint(
    `Not supported in the local region; nothing was deployed:\n${table(['stack', 'resource', 'what', 'remedy'], lines)}`,
    UNSUPPORTED,
  );
}
