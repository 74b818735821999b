/** Numbers and truths that may be written as texts: CloudFormation's parameters are texts, and what takes them converts. */
import { z } from 'zod';

const asNumber = (raw: unknown): unknown =>
  typeof raw === 'string' && /^\s*-?\d{1,15}(?:\.\d{1,6})?\s*$/.test(raw) ? Number(raw) : raw;

const asTruth = (raw: unknown): unknown => {
  const text = typeof raw === 'string' ? raw.trim().toLowerCase() : raw;
  return text === 'true' ? true : text === 'false' ? false : raw;
};

const asText = (raw: unknown): unknown =>
  (typeof raw === 'number' && Number.isFinite(raw)) || typeof raw === 'boolean' ? String(raw) : raw;

/** A number that fits, written as one or as a text. */
export const number = (fits: z.ZodType<number, number> = z.number()) => z.preprocess(asNumber, fits);
export const whole = (least = 0, most = Number.MAX_SAFE_INTEGER) => number(z.number().int().min(least).max(most));
export const truth = () => z.preprocess(asTruth, z.boolean());
/** A text, also one that somebody wrote as a number: `Value: 3000` in a template. */
export const text = (fits: z.ZodType<string, string> = z.string()) => z.preprocess(asText, fits);
