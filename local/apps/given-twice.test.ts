import { Template } from '../support/check.ts';
import type { App } from './app.ts';
import { givenTwice } from './given-twice.ts';

const exporting = (...names: unknown[]) => ({
  Outputs: Object.fromEntries(names.map((Name, index) => [`O${String(index)}`, { Export: { Name } }])),
});

function app(name: string, ...stacks: (readonly [string, object?])[]): App {
  const place = { account: undefined, region: undefined };
  return {
    ...{ name, assembly: '', dockerAssets: [] },
    stacks: stacks.map(([stack, template]) => ({
      ...{ name: stack, ...place },
      template: Template.parse({ Resources: {}, ...template }),
    })),
  };
}
const notes = (...apps: App[]) => givenTwice(apps).map(({ resource, note }) => [resource, note]);

test('a stack’s name that is there twice', () => {
  expect(notes(app('a/app.yaml', ['S']), app('b/app.yaml', ['T'], ['T/Nested'], ['T/Nested']))).toEqual([]);
  expect(notes(app('a/app.yaml', ['S']), app('shop', ['S']))).toEqual([
    ['S', 'a stack of this name is in a/app.yaml and in shop'],
  ]);
  expect(notes(app('shop', ['S', exporting('x')]), app('shop', ['S', exporting('x')]))).toEqual([
    ['S', 'shop is given twice'],
  ]);
  expect(notes(app('shop', ['S'], ['S']))).toEqual([['S', 'a stack of this name is in shop and in shop']]);
  expect(notes(app('shop', ['CDKToolkit']))).toEqual([
    ['CDKToolkit', 'a stack of this name is in shop and in the bootstrap'],
  ]);
});

test('an export that is there twice', () => {
  const later = { 'Fn::Sub': '${AWS::StackName}-url' };
  expect(notes(app('shop', ['S', exporting('x', later)], ['T', exporting('y', later)]))).toEqual([]);
  expect(givenTwice([app('shop', ['S', exporting('x')]), app('b', ['T', exporting('y', 'x')])])).toMatchObject([
    { stack: 'S, T', resource: 'x', note: 'an export has its name alone in the region' },
  ]);
});
