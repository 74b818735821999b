import { type App, Stage, Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { DEFAULT_STAGE } from './names.ts';
import { addProjectTag } from './new-app.ts';
import { protect, type StageOptions } from './protection.ts';

/**
 * A copy of the system beside the default one, in the same account and region. Each project makes its stack once more:
 * `new ServiceAStack(newStage(app, 'dev'), 'HighlandsServiceA', { desiredCount: 1 })`, deployed as `dev/HighlandsServiceA`.
 * @param name lower case, as it begins parameter, export, namespace and discovery names
 */
export function newStage(app: App, name: string, options: StageOptions = {}): Stage {
  // Discovery names have 64 characters; they begin with the stage.
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
  if (!/^[a-z][a-z0-9]{0,15}$/.test(name) || /^(aws|ssm)/.test(name)) {
    throw new Error(`stage "${name}": give up to 16 lower-case letters and digits that do not begin with aws or ssm`);
  }
  const stage = new Stage(app, name);
  addProjectTag(stage);
  Tags.of(stage).add('stage', name);
  if (options.protected === true) protect(stage);
  return stage;
}

/** The stage that a construct belongs to; the app itself is the default one. */
export function stageOf(scope: IConstruct): string {
  return Stage.of(scope)?.stageName ?? DEFAULT_STAGE;
}
