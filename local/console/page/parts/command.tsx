/** The command line that does the same as a button, to be copied. */
import { useState } from 'preact/hooks';
import { Check, Copy } from 'lucide';
import type { JSX } from 'preact';
import { Icon } from './icon.tsx';

/** How long "copied" stays: long enough to be seen. */
const COPIED_MS = 1500;

export function CommandLine({ text }: { text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => {
      setCopied(false);
    }, COPIED_MS);
  };
  return (
    <div class="command">
      <code tabIndex={0}>{text}</code>
      <button type="button" class="plain" aria-label={`Copy: ${text}`} onClick={() => void copy()}>
        <Icon of={copied ? Check : Copy} size={14} />
      </button>
      <span role="status" class="visually-hidden">
        {copied ? 'copied' : ''}
      </span>
    </div>
  );
}
