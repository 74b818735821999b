/** How every start begins: the region, then CDK's bootstrap. */
import type { ListrTask } from 'listr2';
import { Cdk } from './cdk.ts';
import { noteCdk } from './deploy-steps.ts';
import { useRegion } from '../region/environment.ts';
import { Complaint } from '../region/complaint.ts';
import type { Region } from '../region/region-file.ts';

export interface RegionSteps {
  readonly steps: readonly ListrTask[];
  /** The CDK reads its environment once, so the steps after these have it made for them. */
  readonly cdk: () => Cdk;
  /** @throws Complaint before the steps were taken */
  readonly region: () => Region;
}

export function regionSteps(started: () => Promise<Region>): RegionSteps {
  let cdk: Cdk | undefined;
  let region: Region | undefined;
  const engine = (): Cdk => (cdk ??= new Cdk(noteCdk));
  return {
    cdk: engine,
    region: () => {
      if (region === undefined) throw new Complaint('the region did not start');
      return region;
    },
    steps: [
      {
        title: 'local region: control plane and agent',
        task: async () => {
          region = await started();
          useRegion(region);
        },
      },
      { title: 'cdk bootstrap', task: () => engine().bootstrap() },
    ],
  };
}
