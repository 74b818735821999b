/** Takes the commands out of a Markdown document, as the statements that a shell would run one after the other. */
import MarkdownIt from 'markdown-it';
import { parse } from 'unbash';

export interface Statement {
  readonly file: string;
  /** Where its block or paragraph begins, counted from 1. */
  readonly line: number;
  /** As it stands in the document, without its comment. */
  readonly text: string;
}

/** Languages of blocks that hold commands; a block without one does as well. */
const SHELL = ['', 'sh', 'bash', 'shell', 'console'];
/** What a command in a sentence begins with; `aws ecs describe-tasks` in one is the name of an API, not to be typed as it is. */
const TYPED = /^(npm|npx|docker|eval) /;

/** In a transcript the commands begin with `$ `, and the rest is what they print. */
function scriptOf(block: string): string {
  const lines = block.split('\n');
  if (!lines.some((line) => line.startsWith('$ '))) return block;
  return lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])).join('\n');
}

/** @throws Error with the place of a block that is no shell */
export function statementsIn(file: string, document: string): Statement[] {
  let line = 1;
  return new MarkdownIt().parse(document, {}).flatMap(({ type, info, content, map, children }) => {
    line = map === null ? line : map[0] + 1;
    if (type === 'fence' && SHELL.includes(info.trim())) return statementsOf(file, line, scriptOf(content));
    const spans = (children ?? []).filter((child) => child.type === 'code_inline' && TYPED.test(child.content));
    return spans.flatMap((span) => statementsOf(file, line, span.content));
  });
}

function statementsOf(file: string, line: number, source: string): Statement[] {
  const { commands, errors } = parse(source);
  const [error] = errors ?? [];
  if (error !== undefined) throw new Error(`${file}:${String(line)}: this is no shell: ${error.message}`);
  return commands.map(({ pos, end }) => ({ file, line, text: source.slice(pos, end).trim() }));
}
