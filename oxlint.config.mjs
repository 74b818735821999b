/**
 * The rules of typescript-eslint's `strictTypeChecked`, by oxlint, which takes a tenth of the time:
 * https://oxc.rs/docs/guide/usage/linter/type-aware.html. The CDK's own rules stay with ESLint.
 */
import { defineConfig } from 'oxlint';
import tseslint from 'typescript-eslint';

/** A rule that oxlint does not have. */
const MISSING = ['@typescript-eslint/no-unsafe-class-instance-assignment'];

const rules = Object.fromEntries(
  tseslint.configs.strictTypeChecked
    .flatMap((config) => Object.entries(config.rules ?? {}))
    .filter(([name, level]) => level !== 'off' && !MISSING.includes(name)),
);

export default defineConfig({
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  options: { typeAware: true },
  ignorePatterns: ['**/*.mjs', '**/*.cjs', '**/*.js'],
  rules: { ...rules, '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }] },
});
