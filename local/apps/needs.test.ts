import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from '../support/check.ts';
import { NOTHING_YET, type App, type AppOptions, type Present } from './app.ts';
import { assetsToBuild } from './built-images.ts';
import { referencesToPull } from './images-to-pull.ts';
import { needs } from './needs.ts';
import { readTemplate } from './read-template.ts';

const OPTIONS: AppOptions = { app: [], template: [], parameter: {}, ssm: {}, image: {} };

const ASSET = '000000000000.dkr.ecr.us-east-1.amazonaws.com/cdk-assets:abc';

function app(template: object, place: { account?: string } = {}): App {
  const stack = { name: 'S', template: Template.parse({ Resources: {}, ...template }), region: undefined };
  const asset = { hash: 'abc', displayName: 'S/Image', directory: 'web', reference: ASSET, request: { base: '' } };
  return { name: 'app', assembly: '', stacks: [{ ...stack, account: place.account }], dockerAssets: [asset] };
}

const running = (Image: unknown) => ({
  Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Name: 'c', Image }] } } },
});
/** As if no registry had any image that is looked for, and none could be built. */
function absent(one: App, options: AppOptions): Present {
  const away = referencesToPull([one], options, NOTHING_YET).map((name) => [name, 'its registry is away'] as const);
  const unbuilt = assetsToBuild([one], options, NOTHING_YET).map(({ reference }) => [reference, 'it has RUN'] as const);
  const notHad = new Map([...away, ...unbuilt]);
  return { ...NOTHING_YET, notHad };
}
const remedies = (one: App, given: Partial<AppOptions> = {}) => {
  const options = { ...OPTIONS, ...given };
  return needs([one], options, absent(one, options)).flatMap(({ remedy }) => remedy ?? []);
};

test('an image that nobody gives, and that its registry does not give, is asked for by its reference', () => {
  expect(remedies(app(running('nginx:1.27')))).toEqual([
    '--image nginx:1.27=<OCI layout, archive or docker save file>',
  ]);
  expect(needs([app(running('nginx:1.27'))], OPTIONS)).toEqual([]);
  expect(needs([app(running('nginx:1.27'))], OPTIONS, absent(app(running('nginx:1.27')), OPTIONS))).toMatchObject([
    { resource: 'T', property: 'ContainerDefinitions[c].Image', note: expect.stringContaining('away') as string },
  ]);
  expect(remedies(app(running('nginx:1.27')), { image: { 'docker.io/library/nginx:1.27': 'x.tar' } })).toEqual([]);
});

test('what the region has need not be given again', () => {
  const present = { images: new Set(['nginx:1.27']), parameters: new Set(['/image']), exports: new Set(['url']) };
  const Parameters = { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' } };
  const importing = { R: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::ImportValue': 'url' } } } };
  const one = app({ Parameters, Resources: { ...running('nginx:1.27').Resources, ...importing } });
  expect(needs([one], OPTIONS, absent(one, OPTIONS))).toHaveLength(3);
  expect(needs([one], OPTIONS, present)).toEqual([]);
});

test('a container that is none has no image', () => {
  const ContainerDefinitions = [null, 'text', { 'Fn::If': ['Unknown', {}, {}] }];
  const Conditions = { Unknown: { 'Fn::Equals': [{ Ref: 'Kind' }, 'a'] } };
  const one = app({
    Conditions,
    Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions } } },
  });
  expect(needs([one], OPTIONS).map(({ property }) => property)).toEqual(
    ['0', '1', '2'].map((index) => `ContainerDefinitions[${index}].Image`),
  );
});

test('text that is no reference is a row too', () => {
  expect(needs([app(running('Web:1'))], { ...OPTIONS, image: { 'web:1': 'x.tar' } })).toMatchObject([
    {
      resource: 'T',
      note: 'image "Web:1" is no reference',
      remedy: expect.stringContaining('small letters') as string,
    },
  ]);
});

test('an image that Docker would build is asked for by its asset', () => {
  const reference = { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/cdk-assets:abc' };
  expect(remedies(app(running(reference)))[0]).toContain('--image S/Image=');
  expect(remedies(app(running(reference)), { image: { 'S/Image': 'x.tar' } })).toEqual([]);
});

test('a collector is stood in for, and an image that is known later is not asked for', () => {
  expect(remedies(app(running('public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0')))).toEqual([]);
  const { Resources } = running({ 'Fn::GetAtt': ['Repository', 'RepositoryUri'] });
  const Repository = { Type: 'AWS::ECR::Repository' };
  expect(remedies(app({ Resources: { ...Resources, Repository } }))).toEqual([]);
});

test('parameters, exports and accounts that are not there', () => {
  const plain = app({ Parameters: { Size: { Type: 'String' } } });
  expect(remedies(plain)).toEqual(['--parameter Size=<value>']);
  expect(remedies(plain, { parameter: { Size: '1' } })).toEqual([]);
  const ssm = app({ Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' } } });
  expect(remedies(ssm)).toEqual(['--ssm /image=<value>']);
  expect(remedies(ssm, { ssm: { '/image': 'x' } })).toEqual([]);
  const ofAws = app({
    Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/aws/service/x' } },
  });
  const own = ['--parameter Image=/own/name --ssm /own/name=<value>'];
  expect(remedies(ofAws)).toEqual(own);
  // Nobody may write it: AccessDeniedException.
  expect(remedies(ofAws, { ssm: { '/aws/service/x': 'x' } })).toEqual(own);
  expect(remedies(ofAws, { parameter: { Image: '/own/name' }, ssm: { '/own/name': 'x' } })).toEqual([]);
  const container = running({ Ref: 'Image' });
  const using = app({
    ...container,
    Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' } },
  });
  expect(remedies(using, { ssm: { '/image': 'web:1' } })[0]).toContain('--image web:1=');
  const importing = app({
    Resources: { R: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::ImportValue': 'url' } } } },
  });
  expect(remedies(importing)).toEqual(['give the app that does with --app too']);
  expect(remedies(app({}, { account: '111122223333' }))[0]).toContain('CDK_DEFAULT_ACCOUNT');
});

test('the short forms of YAML are the long ones', () => {
  const directory = mkdtempSync(join(tmpdir(), 'template-'));
  try {
    const file = join(directory, 'app.yaml');
    writeFileSync(
      file,
      `Resources:
  It:
    Type: AWS::SSM::Parameter
    Properties:
      A: !Ref Name
      B: !GetAtt Other.Nested.Arn
      C: !Sub 'x-\${Name}'
      D: !Join ['', [a, !Ref Name]]
      E: !If [IsTrue, { F: !GetAZs '' }, !Ref AWS::NoValue]
`,
    );
    expect(readTemplate(file).Resources['It']?.Properties).toEqual({
      A: { Ref: 'Name' },
      B: { 'Fn::GetAtt': ['Other', 'Nested.Arn'] },
      C: { 'Fn::Sub': 'x-${Name}' },
      D: { 'Fn::Join': ['', ['a', { Ref: 'Name' }]] },
      E: { 'Fn::If': ['IsTrue', { F: { 'Fn::GetAZs': '' } }, { Ref: 'AWS::NoValue' }] },
    });
    writeFileSync(file, 'Resources: [');
    expect(() => readTemplate(file)).toThrow(`${file} is no template`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a public parameter has a value here, or names an image that is asked for', () => {
  const Type = 'AWS::SSM::Parameter::Value<String>';
  const fluentBit = '/aws/service/aws-for-fluent-bit/latest';
  const withDefault = (Default: string) => app({ Parameters: { P: { Type, Default } }, ...running({ Ref: 'P' }) });
  expect(remedies(withDefault(fluentBit))).toEqual([
    '--image 906394416424.dkr.ecr.us-east-1.amazonaws.com/aws-for-fluent-bit:latest=<OCI layout, archive or docker save file>',
  ]);
  const machine = '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id';
  expect(needs([app({ Parameters: { P: { Type, Default: machine } } })], OPTIONS)).toEqual([]);
});
