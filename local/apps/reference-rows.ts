/** What a template refers to and is not there: names, and the templates of nested stacks. Pure, on what was read. */
import { z } from 'zod';
import type { CheckRow, Template } from '../support/check.ts';
import { circleOf, danglingIn } from '../support/references.ts';
import type { AppStack } from './app.ts';

const NESTED = 'AWS::CloudFormation::Stack';

/** Written by CDK: https://docs.aws.amazon.com/cdk/v2/guide/assets.html#assets-cfn */
const Asset = z.object({ 'aws:asset:path': z.string() });

/**
 * The nested stacks of a template.
 * @returns by name of their resource the file of their template, beside that of their parent; undefined where nothing tells it
 */
export function nestedStacks({ Resources }: Template): [id: string, file: string | undefined][] {
  return Object.entries(Resources).flatMap(([id, { Type, Metadata }]): [string, string | undefined][] =>
    Type === NESTED ? [[id, Asset.safeParse(Metadata).data?.['aws:asset:path']]] : [],
  );
}

export function referenceRows({ name: stack, template, written = template }: AppStack): CheckRow[] {
  const dangling = danglingIn(template, written).map(({ id: resource, path: property, type, note }) => ({
    ...{ stack, resource, type, property, note },
    remedy: 'name one that is there',
  }));
  const circle = circleOf(template);
  const [first = ''] = circle;
  // CDK puts the address together, also where its metadata is switched off.
  const unread = nestedStacks(template).filter(
    ([id, file]) => file === undefined && typeof template.Resources[id]?.Properties['TemplateURL'] === 'string',
  );
  return [
    ...dangling,
    ...(circle.length === 0
      ? []
      : [
          {
            ...{ stack, resource: first, type: template.Resources[first]?.Type ?? '', property: '' },
            note: `ValidationError: Circular dependency between resources: [${circle.slice(0, -1).join(', ')}]`,
            remedy: 'let one of them not need the other',
          },
        ]),
    ...unread.map(([resource]) => ({
      ...{ stack, resource, type: NESTED, property: 'TemplateURL', note: 'what is in S3 is not read' },
      remedy: 'nest it as CDK does, or make a stack of its own of it: --template',
    })),
  ];
}
