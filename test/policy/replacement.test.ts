/** What switching an option on does to a system that runs: what AWS would make again, as `cdk diff` says it. */
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { everyTemplate, templates } from './system.ts';

/** Immutable, so that each change is a new revision. */
const REVISIONS = ['AWS::ECS::TaskDefinition'];
const MADE_ANEW = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE];

const options = everyTemplate.filter(({ option }) => option !== 'default' && option !== 'stage');
const replaced = options.flatMap(({ project, option, template }) => {
  const { changes } = fullDiff(templates[project], template).resources;
  return Object.values(changes)
    .filter((change) => MADE_ANEW.includes(change.changeImpact))
    .map(({ newResourceType = '' }) => ({ project, option, type: newResourceType }))
    .filter(({ type }) => !REVISIONS.includes(type));
});

test('no option replaces a service, which CloudFormation cannot do to one of Service Connect', () => {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
  expect(options.length).toBeGreaterThan(10);
  expect(replaced.filter(({ type }) => type === 'AWS::ECS::Service')).toEqual([]);
});

test('what options replace besides is known, and docs/options.md says what it means', () => {
  expect(replaced).toEqual([{ project: 'service-b', option: 'tls', type: 'AWS::ElasticLoadBalancingV2::TargetGroup' }]);
});
