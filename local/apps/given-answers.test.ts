import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from '../support/check.ts';
import { giveAnswers } from './given-answers.ts';
import { namesNotThere } from './given-names.ts';

const TEMPLATE = {
  Resources: {
    Java: { Type: 'Custom::Java', Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:1:function:f' } },
    Topic: { Type: 'AWS::SNS::Topic' },
  },
};
const NONE = { app: [], template: [], parameter: {}, ssm: {}, image: {} };

test('a custom resource is written with what it answers, in nested templates too', () => {
  const directory = mkdtempSync(join(tmpdir(), 'answers-'));
  mkdirSync(join(directory, 'assembly-stage'));
  const files = ['S.template.json', 'assembly-stage/N.nested.template.json'].map((name) => join(directory, name));
  for (const file of files) writeFileSync(file, JSON.stringify(TEMPLATE));
  giveAnswers(directory, { Java: 'mine', 'Java.A.B': 'x=y', Topic: 'no' });
  for (const file of files) {
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as typeof TEMPLATE;
    expect(Resources.Topic).not.toHaveProperty('Properties.HighlandsAnswer');
    expect(Resources.Java.Properties).toMatchObject({
      HighlandsAnswer: { PhysicalResourceId: 'mine', Data: { 'A.B': 'x=y' } },
    });
  }
  rmSync(directory, { recursive: true });
});

test('one that is not there is said with those that are', () => {
  const stack = { name: 's', template: Template.parse(TEMPLATE), account: undefined, region: undefined };
  const app = { name: 'app', assembly: '', stacks: [stack], dockerAssets: [] };
  expect(namesNotThere([app], { ...NONE, answer: { 'Topic.Arn': 'x', Topic: 'y', Java: 'z' } })).toEqual([
    'no template has the custom resource Topic: there is Java',
  ]);
});
