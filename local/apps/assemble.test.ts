import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cdk } from '../deploy/cdk.ts';
import { Complaint } from '../region/complaint.ts';
import { synthesised, wrapped } from './assemble.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assemble-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const NEVER = { synthApp: () => Promise.reject(new Error('nothing is synthesised')) } as unknown as Cdk;

test.each(['', '{', '[]', '{"app":1}'])('a cdk.json with %j in it is named', async (text) => {
  const file = join(directory, 'cdk.json');
  writeFileSync(file, text);
  const said = synthesised(directory, join(directory, 'out'), NEVER);
  await expect(said).rejects.toBeInstanceOf(Complaint);
  await expect(said).rejects.toThrow(`${file} can't be read: let it be JSON whose \`app\` says`);
});

test.each([
  ['Transform: AWS::Serverless-2016-10-31\nResources: {}', 'needs AWS::Serverless-2016-10-31, and transforms are not'],
  ['Resources: { Fn::ForEach::All: [Name, [a, b], {}] }', 'needs AWS::LanguageExtensions (Fn::ForEach::All), and'],
  [
    'Resources: { B: { <<: { Type: AWS::ECS::Cluster } } }',
    'has << in Resources.B, which CloudFormation does not merge: write its members there',
  ],
  ['Resources: { A: &a { Type: AWS::ECS::Cluster }, B: *a }', 'is no template: Template format error: YAML aliases'],
  ['Resources: []', 'is no template: Template format error: Any Resources member must be a JSON object.'],
  ['', 'is no template: Template format error: unsupported structure.'],
])('a template with %j in it is named', (text, said) => {
  const file = join(directory, 'app.yaml');
  writeFileSync(file, text);
  expect(() => wrapped(file, join(directory, 'out'))).toThrow(`${file} ${said}`);
  expect(() => wrapped(file, join(directory, 'out'))).toThrow(Complaint);
});

test('a directory is no template', () => {
  expect(() => wrapped(directory, join(directory, 'out'))).toThrow(/ can't be read: give a CloudFormation template \(/);
});

test('a file whose name can’t be a stack’s', () => {
  for (const name of ['1.yaml', `${'a'.repeat(129)}.yaml`]) {
    writeFileSync(join(directory, name), 'Resources: {}');
    expect(() => wrapped(join(directory, name), join(directory, 'out'))).toThrow(/ can't name a stack: let /);
  }
});
