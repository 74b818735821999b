import { Template } from '../support/check.ts';
import { namesApps, type App, type AppOptions } from './app.ts';
import { namesNotThere } from './given-names.ts';

const OPTIONS: AppOptions = { app: [], template: [], parameter: {}, ssm: {}, image: {} };

const ASSET = '000000000000.dkr.ecr.us-east-1.amazonaws.com/cdk-assets:abc';

function app(template: object, name = 'S'): App {
  const stack = {
    name,
    template: Template.parse({ Resources: {}, ...template }),
    account: undefined,
    region: undefined,
  };
  const asset = { hash: 'abc', displayName: 'S/Image', directory: 'web', reference: ASSET, request: { base: '' } };
  return { name: 'app', assembly: '', stacks: [stack], dockerAssets: [asset] };
}

const Parameters = { Topic: { Type: 'String', Default: 'x' }, Image: { Type: 'String', Default: 'web:1' } };
const running = (...images: unknown[]) => ({
  Parameters,
  Resources: {
    T: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: { ContainerDefinitions: images.map((Image) => ({ Name: 'c', Image })) },
    },
  },
});

test('a parameter that no template has is refused with a list of those that exist, with or without a default', () => {
  const parameter = { Topik: 'hello', Image: 'web:2' };
  expect(namesNotThere([app({ Parameters })], { ...OPTIONS, parameter })).toEqual([
    'no template has the parameter Topik: there is Image, Topic',
  ]);
  expect(namesNotThere([app({}), app({ Parameters }, 'S/Nested')], { ...OPTIONS, parameter: { Topic: '' } })).toEqual([
    'no template has the parameter Topic: there is none',
  ]);
});

test('an image that no container has is refused with a list of those that exist', () => {
  const image = { 'wbe:1': 'a.tar', 'docker.io/library/web:1': 'b.tar', 'web:1': 'b.tar', 'S/Image': 'c.tar' };
  const asset = '000000000000.dkr.ecr.us-east-1.amazonaws.com/cdk-assets:abc';
  expect(namesNotThere([app(running({ Ref: 'Image' }, asset))], { ...OPTIONS, image })).toEqual([
    'no container has the image wbe:1: there is S/Image, web:1',
  ]);
  expect(namesNotThere([app({})], { ...OPTIONS, image: { 'web:1': 'b.tar' } })).toEqual([
    'no container has the image web:1: there is none',
  ]);
});

test('an image may be that of a container whose image is named only at the deploy', () => {
  const one = app(running('other:1', { 'Fn::GetAtt': ['Repository', 'RepositoryUri'] }));
  expect(namesNotThere([one], { ...OPTIONS, image: { 'web:1': 'b.tar' } })).toEqual([]);
});

test('values without an app are not dropped', () => {
  expect(namesApps(OPTIONS)).toBe(false);
  expect(namesApps({ ...OPTIONS, template: ['a.yaml'], ssm: { a: 'b' } })).toBe(true);
  expect(() => namesApps({ ...OPTIONS, parameter: { A: '1' }, image: { 'web:1': 'x' } })).toThrow(
    '--parameter and --image without an app: name one with --app or --template too',
  );
});
