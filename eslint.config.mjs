import cdk from 'eslint-plugin-awscdk';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/cdk.out/',
      '**/target/',
      'local/console/dist/',
      'connected-service/dist/',
      '.highlands/',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['connected-service/**/*.ts', 'base-infra/**/*.ts', 'service-*/**/*.ts', 'examples/**/*.ts'],
    extends: [cdk.configs.recommended],
  },
);
