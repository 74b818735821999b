/**
 * A step that lasts, before any library is there: on a terminal one line that changes, elsewhere a line now and then, so that
 * a log shows that it moves and stays short.
 */
const ON_A_TERMINAL_MS = 500;
const ELSEWHERE_MS = 10_000;

const seconds = (ms) => `${Math.round(ms / 1000)} s`;

/** @param terminal `{ write, isTTY, columns }`, standard output by default */
export function startProgress(title, terminal = process.stdout) {
  const started = Date.now();
  let note;
  const text = () =>
    [`  … ${title}, ${seconds(Date.now() - started)}`, ...(note === undefined ? [] : [note])].join(': ');
  const show = () => {
    // Cut to the width: a line that wraps is not overwritten.
    if (terminal.isTTY) terminal.write(`\r\u001b[K${text().slice(0, (terminal.columns || 80) - 1)}`);
    else terminal.write(`${text()}\n`);
  };
  if (terminal.isTTY) show();
  else terminal.write(`  … ${title}\n`);
  const timer = setInterval(show, terminal.isTTY ? ON_A_TERMINAL_MS : ELSEWHERE_MS);
  const end = (last) => {
    clearInterval(timer);
    if (terminal.isTTY) terminal.write('\r\u001b[K');
    terminal.write(last);
  };
  return {
    tell: (text) => {
      note = text ?? note;
    },
    done: () => {
      end(`  ✔ ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
    },
    failed: () => {
      end(`  ✖ ${title}\n`);
    },
  };
}
