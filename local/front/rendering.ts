/** How progress looks: a live list on a terminal, plain lines elsewhere, with the time of each step. */
import { PRESET_TIMER } from 'listr2';

export const RENDERING = {
  rendererOptions: { timer: PRESET_TIMER, collapseErrors: false },
  fallbackRendererOptions: { timer: PRESET_TIMER },
} as const;
