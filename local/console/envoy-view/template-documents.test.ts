import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateDocuments } from './template-documents.ts';

test('a service of a plain YAML template stands there with its task definition', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../examples/plain-template/plain-template.yaml'), 'utf8');
  expect(templateDocuments(text, 'plain', 'OldService')).toMatchObject([
    { id: 'plain/OldService', type: 'AWS::ECS::Service', json: { Properties: { Cluster: { Ref: 'Cluster' } } } },
    { id: 'plain/OldDefinition', logicalId: 'OldDefinition', type: 'AWS::ECS::TaskDefinition' },
  ]);
});

test('a service that the template does not have has no lines', () => {
  expect(
    templateDocuments('{ "Resources": { "Queue": { "Type": "AWS::SQS::Queue" } } }', 'plain', 'OldService'),
  ).toEqual([]);
});
