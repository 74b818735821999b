/**
 * What may import what. Every project declares the packages that it imports. The rooms of local/: each knows those before it
 * in this list, and none after it. Within the agent, its core decides on plain data and knows nothing of what starts programs
 * or calls APIs. Nothing goes in a circle.
 */
const ROOMS = [
  'terminal',
  'region',
  'aws-shapes',
  'support',
  'images',
  'agent',
  'supervisor',
  'deploy',
  'apps',
  'console',
  'scenarios',
  'cli',
];
/** They may look at everything, as they say what comes of it together. */
const TESTS = String.raw`\.test\.tsx?$|/testing/`;

const mayNot = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    mayNot(
      'declared-where-it-is-imported',
      'whoever takes a project elsewhere gets what it says it needs; here npm puts the packages of all in one place',
      // Which of our own packages are declared is not seen: to the tool they are files like those beside them.
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    mayNot('no-circle', 'what needs each other is one thing', {}, { circular: true }),
    ...ROOMS.slice(0, -1).map((room, index) =>
      mayNot(
        `${room}-comes-before`,
        `local/${room} knows nothing of what is built on it`,
        { path: `^local/${room}/`, pathNot: TESTS },
        { path: `^local/(${ROOMS.slice(index + 1).join('|')})/` },
      ),
    ),
    mayNot(
      'agents-core-is-pure',
      'the core of the agent decides, and others act',
      { path: '^local/agent/core/', pathNot: TESTS },
      { path: '^local/agent/(?!core/)' },
    ),
    mayNot(
      'scripts-stay-outside',
      'what runs a region does not need the scripts of the repository',
      { path: '^local/', pathNot: TESTS },
      { path: '^(script|test)/', pathNot: '^script/setup/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(cdk\\.out[^/]*|target|\\.highlands)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
    // An import of a type is knowledge too.
    tsPreCompilationDeps: true,
    // What a program finds by its package is needed as much as what it imports.
    exoticRequireStrings: ['require.resolve'],
  },
};
