/** What a change does to the cloud, as Markdown: the difference that `cdk diff` shows, of the committed templates. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { formatDifferences, fullDiff } from '@aws-cdk/cloudformation-diff';

export interface ChangedTemplate {
  /** Its file in the repository. */
  readonly file: string;
  /** Nothing where it is new. */
  readonly before: object | undefined;
  /** Nothing where it went. */
  readonly after: object | undefined;
}

/** GitHub takes no longer comment: https://docs.github.com/en/rest/issues/comments */
const MOST_CHARACTERS = 65_536;
/** For what is around the differences. */
const ROOM = 2_000;

/** Colours are for terminals. */
const COLOUR = /\u001b\[[0-9;]*m/g;

async function differenceOf({ before, after }: ChangedTemplate): Promise<string> {
  const stream = new PassThrough();
  formatDifferences(stream, fullDiff(before ?? {}, after ?? {}));
  stream.end();
  return (await text(stream)).replaceAll(COLOUR, '').trim();
}

const isOption = ({ file }: ChangedTemplate): boolean => file.includes('/variants/');

/** Stacks as they deploy in full; goldens of options by name, because most changes are the same in all of them. */
export async function documentOf(changed: readonly ChangedTemplate[]): Promise<string> {
  const stacks = changed.filter((template) => !isOption(template));
  const sections = await Promise.all(
    stacks.map(async (template) => {
      const fate = template.before === undefined ? ' (new)' : template.after === undefined ? ' (gone)' : '';
      return `### ${template.file}${fate}\n\n\`\`\`diff\n${await differenceOf(template)}\n\`\`\``;
    }),
  );
  const options = changed.filter(isOption).map(({ file }) => `- \`${file}\``);
  const parts = [
    '## What this does to the cloud',
    changed.length === 0 ? 'Nothing: no committed template changes.' : '',
    ...sections,
    options.length === 0 ? '' : `Goldens of options that change:\n\n${options.join('\n')}`,
  ];
  const document = parts.filter((part) => part !== '').join('\n\n');
  return document.length <= MOST_CHARACTERS - ROOM
    ? `${document}\n`
    : `${document.slice(0, MOST_CHARACTERS - ROOM)}\n\`\`\`\n\nCut off here: \`npm run template-diff\` shows all of it.\n`;
}
