import { Template } from '../support/check.ts';
import type { App, AppOptions } from './app.ts';
import { givenFiles } from './given-images.ts';

const OPTIONS: AppOptions = { app: [], template: [], parameter: {}, ssm: {}, image: {} };
const ASSET = '000000000000.dkr.ecr.us-east-1.amazonaws.com/cdk-assets:abc';

function app(...images: string[]): App {
  const ContainerDefinitions = images.map((Image) => ({ Name: 'c', Image }));
  const Resources = { T: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions } } };
  const stack = { name: 'S', template: Template.parse({ Resources }), account: undefined, region: undefined };
  const dockerAssets = [
    { hash: 'abc', displayName: 'S/Image', directory: 'web', reference: ASSET, request: { base: '' } },
  ];
  return { name: 'app', assembly: '', stacks: [stack], dockerAssets };
}

test('a file goes under the reference that the task definition has', () => {
  const image = { 'S/Image': 'asset.tar', 'docker.io/library/web:1': 'web.tar' };
  expect([...givenFiles([app(ASSET, 'web:1', 'other:1')], { ...OPTIONS, image })]).toEqual([
    [ASSET, 'asset.tar'],
    ['web:1', 'web.tar'],
  ]);
});

test('an image that is named only at the deploy is there all the same, also from a file that serves twice', () => {
  const image = { 'web:1': 'web.tar', 'later:1': 'web.tar' };
  expect(givenFiles([app('web:1')], { ...OPTIONS, image }).get('later:1')).toBe('web.tar');
});

test('an asset that no app has is refused', () => {
  expect(() => givenFiles([app('web:1')], { ...OPTIONS, image: { 'S/Other': 'x.tar' } })).toThrow(
    'image "S/Other" is no reference',
  );
});
