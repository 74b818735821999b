import { App, type Stage, Tags } from 'aws-cdk-lib';
import { PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';
import { protect, type StageOptions } from './protection.ts';
import recommendedFeatureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** An app as every project makes it: in `bin/` and in tests alike, so that both give the same template. */
export function newApp(options: StageOptions = {}): App {
  const app = new App({
    // The flags a new project would get, from the library itself instead of one copy in each cdk.json: tests do not
    // read cdk.json. https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html
    context: recommendedFeatureFlags,
    // The usage-report resource would change every template on each upgrade of CDK.
    // https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html
    analyticsReporting: false,
    // The CLI adds construct paths as metadata, a test does not: without them the golden is the deployed template.
    postCliContext: { [PATH_METADATA_ENABLE_CONTEXT]: false },
  });
  addProjectTag(app);
  if (options.protected === true) protect(app);
  return app;
}

/** To find what the system is made of, and what it costs, across its stacks. Tags of an app end at its stages. */
export function addProjectTag(scope: App | Stage): void {
  Tags.of(scope).add('project', 'highlands');
}
