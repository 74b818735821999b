/** An error's message on one line: what was wrong, and where. */
import { z } from 'zod';

export function oneLine(error: unknown): string {
  if (error instanceof z.ZodError)
    return z
      .prettifyError(error)
      .replaceAll(/\s*\n\s*/g, ' ')
      .replaceAll('✖ ', '');
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
}
