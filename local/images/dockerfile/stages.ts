/** The stages of a Dockerfile, read by a parser that the Docker tools of editors use: https://github.com/rcjsuen/dockerfile-ast */
import { DockerfileParser, type Instruction } from 'dockerfile-ast';

type Range = ReturnType<Instruction['getRange']>;

export interface Step {
  /** In capitals. */
  readonly keyword: string;
  /** Such as `--chown=1:1` of COPY; the value is empty where none is written. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows, as one line. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface Stage {
  readonly base: string;
  /** In small letters, as Docker compares them. */
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

export interface Dockerfile {
  readonly escape: string;
  /** ARG before the first FROM. */
  readonly before: readonly Step[];
  readonly stages: readonly Stage[];
}

/** Lines that go on are one, and comments between them are none: https://docs.docker.com/reference/dockerfile/#format */
function inOneLine(raw: string, escape: string): string {
  const [first = '', ...others] = raw.split(/\r?\n/);
  return [first, ...others.filter((line) => !/^\s*#/.test(line) && line.trim() !== '')]
    .map((line) => (line.trimEnd().endsWith(escape) ? line.trimEnd().slice(0, -1) : line))
    .join('');
}

const FLAG = /^--([\w-]+)(?:=(\S*))?(?:\s+|$)/;

/** As it is written, from its keyword on. */
function writtenAt({ start, end }: Range, lines: readonly string[]): string {
  const own = lines.slice(start.line, end.line + 1);
  const last = own.length - 1;
  return own
    .map((line, index) => line.slice(index === 0 ? start.character : 0, index === last ? end.character : undefined))
    .join('\n');
}

function stepOf(instruction: Instruction, lines: readonly string[], escape: string): Step {
  const keyword = instruction.getKeyword();
  let text = inOneLine(writtenAt(instruction.getRange(), lines), escape).slice(keyword.length).trim();
  // The parser knows the flags of some instructions only.
  const flags: Record<string, string> = {};
  for (let found = FLAG.exec(text); found !== null; found = FLAG.exec(text)) {
    flags[found[1] ?? ''] = found[2] ?? '';
    text = text.slice(found[0].length);
  }
  return { keyword, flags, text, line: instruction.getRange().start.line + 1 };
}

/** @throws Error in one line that names what is no instruction */
export function dockerfileIn(content: string): Dockerfile {
  const parsed = DockerfileParser.parse(content);
  const escape = parsed.getEscapeCharacter();
  const lines = content.split(/\r?\n/);
  const steps = parsed.getInstructions().map((one) => stepOf(one, lines, escape));
  const first = steps.findIndex(({ keyword }) => keyword === 'FROM');
  if (first === -1) throw new Error('it has no FROM');
  const stages: { base: string; name: string | undefined; steps: Step[] }[] = [];
  for (const step of steps.slice(first)) {
    if (step.keyword !== 'FROM') stages.at(-1)?.steps.push(step);
    else {
      const [, base = '', name] = /^(\S+)(?:\s+as\s+(\S+))?$/i.exec(step.text) ?? [];
      if (base === '') throw new Error(`line ${String(step.line)}: FROM ${step.text} is none`);
      stages.push({ base, name: name?.toLowerCase(), steps: [] });
    }
  }
  return { escape, before: steps.slice(0, first), stages };
}
