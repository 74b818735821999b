/** Makes a cloud assembly of what the command line names: apps are synthesised, templates are wrapped. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { CloudAssembly, CloudAssemblyBuilder } from '@aws-cdk/cloud-assembly-api';
import { ArtifactType } from '@aws-cdk/cloud-assembly-schema';
import { z } from 'zod';
import type { Template } from '../support/check.ts';
import type { Cdk } from '../deploy/cdk.ts';
import { readJson } from '../region/read-json.ts';
import { Complaint } from '../region/complaint.ts';
import type { App, AppOptions, AppStack } from './app.ts';
import { giveAnswers } from './given-answers.ts';
import { takeDockerAssets } from './docker-assets.ts';
import { readTemplate, withoutTransforms } from './read-template.ts';
import { nestedStacks } from './reference-rows.ts';

type Answers = NonNullable<AppOptions['answer']>;

const CdkJson = z.object({ app: z.string() });

/** Paths on the command line begin where the user is. */
export const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

/** @throws Complaint that names the directory and what it lacks */
export async function synthesised(given: string, outdir: string, cdk: Cdk, answers: Answers = {}): Promise<App> {
  const directory = fromUser(given);
  const file = join(directory, 'cdk.json');
  if (!existsSync(file)) throw new Complaint(`${given} has no cdk.json: give the directory of a CDK project`);
  const { app } = readJson(file, CdkJson, 'let it be JSON whose `app` says how the project is synthesised');
  mkdirSync(outdir, { recursive: true });
  await cdk.synthApp(directory, app, outdir);
  giveAnswers(outdir, answers);
  return readAssembly(given, outdir);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** A template as the one stack of an assembly, so that it deploys as apps do. */
export function wrapped(given: string, outdir: string, answers: Answers = {}): App {
  const file = fromUser(given);
  if (!existsSync(file)) throw new Complaint(`${given} does not exist: give a CloudFormation template`);
  const name = basename(file, extname(file))
    .replace(/\.template$/, '')
    .replaceAll(/[^A-Za-z0-9-]+/g, '-');
  if (!STACK_NAME.test(name))
    throw new Complaint(`${given} can't name a stack: let the file's name begin with a letter, and have 128 at most`);
  mkdirSync(outdir, { recursive: true });
  const templateFile = `${name}.template.json`;
  writeFileSync(join(outdir, templateFile), JSON.stringify(readTemplate(file)));
  const builder = new CloudAssemblyBuilder(outdir);
  builder.addArtifact(name, {
    type: ArtifactType.AWS_CLOUDFORMATION_STACK,
    environment: 'aws://unknown-account/unknown-region',
    properties: { templateFile },
  });
  builder.buildAssembly();
  giveAnswers(outdir, answers);
  return readAssembly(given, outdir);
}

const FIXED = (value: string): string | undefined => (value.startsWith('unknown-') ? undefined : value);

/** Reads what a synth left. @param name for people */
export function readAssembly(name: string, directory: string): App {
  const assembly = new CloudAssembly(directory);
  const stacks = assembly.stacksRecursively.flatMap((stack): AppStack[] => {
    const place = { account: FIXED(stack.environment.account), region: FIXED(stack.environment.region) };
    const template = withoutTransforms(stack.template, stack.stackName);
    const files = join(stack.assembly.directory);
    return [{ name: stack.stackName, template, ...place }, ...nestedIn(stack.stackName, template, files, place)];
  });
  return { name, assembly: directory, stacks, dockerAssets: takeDockerAssets(assembly) };
}

/** The templates of nested stacks, which lie beside that of their parent. */
function nestedIn(
  parent: string,
  template: Template,
  directory: string,
  place: Pick<AppStack, 'account' | 'region'>,
): AppStack[] {
  return nestedStacks(template).flatMap(([id, file]): AppStack[] => {
    if (file === undefined) return [];
    const nested = readTemplate(join(directory, file));
    const name = `${parent}/${id}`;
    return [{ name, template: nested, ...place }, ...nestedIn(name, nested, directory, place)];
  });
}
