/**
 * Who may import whom. Each rule names a row of the table in CONTRIBUTING.md;
 * test/architecture/imports.test.ts plants one violation of every rule and expects it to be found.
 */

const npm = '(^|/)node_modules/';
const anyPackage = { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] };

/** From here, of this repository only these paths. */
const only = (name, comment, from, ...allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: [...allowed, npm], dependencyTypesNot: ['core', ...anyPackage.dependencyTypes] },
});

/** From here, of the package registry only these packages. */
const onlyPackages = (name, comment, from, ...packages) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { ...anyPackage, pathNot: packages.map((each) => `(^|/)node_modules/(@types/)?${each}/`) },
});

const noBuiltIns = (name, from) => ({
  name,
  comment: 'No input or output here: it belongs into an adapter.',
  severity: 'error',
  from: { path: from },
  to: { dependencyTypes: ['core'] },
});

export default {
  forbidden: [
    only('domain-is-pure', 'domain/ imports domain/ only', '^functions/domain/', '^functions/domain/'),
    onlyPackages('domain-has-no-packages', 'domain/ is pure', '^functions/domain/', '(?!)'),
    noBuiltIns('domain-has-no-built-ins', '^functions/domain/'),

    only(
      'contracts-stand-alone',
      'contracts/ imports domain/ and itself',
      '^functions/contracts/',
      '^functions/(contracts|domain)/',
    ),
    onlyPackages(
      'contracts-know-zod-only',
      'contracts/ are bundled into every program',
      '^functions/contracts/',
      'zod',
    ),
    noBuiltIns('contracts-run-in-a-browser', '^functions/contracts/'),

    only(
      'application-knows-roles-only',
      'application/ imports domain/, its ports, and contracts/ as types',
      '^functions/application/',
      '^functions/(application|domain|contracts)/',
    ),
    {
      name: 'application-takes-contracts-as-types',
      comment: 'A use case does not parse; the entry did.',
      severity: 'error',
      from: { path: '^functions/application/' },
      to: { path: '^functions/contracts/', dependencyTypesNot: ['type-only'] },
    },
    onlyPackages(
      'application-has-no-packages',
      'a technology belongs into an adapter',
      '^functions/application/',
      '(?!)',
    ),
    noBuiltIns('application-has-no-built-ins', '^functions/application/'),

    only(
      'adapters-implement-ports',
      'an adapter imports ports, domain/, contracts/ and its own folder',
      '^functions/adapters/(?!memory/)([^/]+)/',
      '^functions/adapters/$1/',
      '^functions/(application/ports|domain|contracts)/',
    ),
    only(
      'memory-stands-in-for-the-table',
      'in tests the stores of dynamodb/ run on an engine in memory, so that keys and conditions are tested too',
      '^functions/adapters/memory/',
      '^functions/adapters/memory/',
      '^functions/adapters/dynamodb/(item-engine|table)\\.ts$',
      '^functions/(application/ports|domain|contracts)/',
    ),

    only(
      'entries-are-thin',
      'api/, workflow/ and events/ import contracts/, application/, runtime/ and their own folder',
      '^functions/(api/[^/]+|api|workflow|events)/',
      '^functions/$1/',
      '^functions/(contracts|application|runtime)/',
      '^docs/openapi[.]json$',
    ),
    onlyPackages(
      'entries-know-no-technology',
      'runtime/ makes the clients',
      '^functions/(api|workflow|events)/',
      'aws-lambda',
      'zod',
    ),

    only(
      'functions-stand-alone',
      'what runs in Lambda imports functions/ and the generated OpenAPI document',
      '^functions/',
      '^functions/',
      '^docs/openapi[.]json$',
    ),
    {
      name: 'functions-without-cdk',
      comment: 'CDK would be bundled into a function.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: `${npm}(aws-cdk-lib|constructs|aws-cdk)/` },
    },

    only(
      'infrastructure-knows-constants-only',
      'lib/ and bin/ import of functions/ only constants: the table, the tag of a tenant, the routes',
      '^(lib|bin)/',
      '^(lib|bin)/',
      '^functions/adapters/dynamodb/table\\.ts$',
      '^functions/adapters/sts/tenant-tag\\.ts$',
      '^functions/contracts/routes\\.ts$',
      '^package\\.json$',
    ),
    onlyPackages(
      'infrastructure-packages',
      'lib/ and bin/ import CDK and its checks, and zod for the settings',
      '^(lib|bin)/',
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'zod',
      'asl-validator',
      'node',
    ),

    only(
      'cli-is-a-client',
      'the CLI imports contracts/ and the runner',
      '^apps/cli/',
      '^apps/(cli|runner)/',
      '^functions/contracts/',
      '^package\\.json$',
    ),
    only(
      'runner-is-a-client',
      'the runner imports contracts/ and the OpenCode client',
      '^apps/runner/',
      '^apps/runner/',
      '^functions/contracts/',
      '^functions/adapters/opencode/',
      '^package\\.json$',
    ),
    {
      name: 'apps-know-no-cloud',
      comment:
        'A program talks to the API. Only what the console of AWS shows is read from AWS, with credentials of its own: executions, and the token of the first admin.',
      severity: 'error',
      from: { path: '^apps/', pathNot: '^apps/cli/(executions|operator)/' },
      to: { path: `${npm}(@aws-sdk|@aws-lambda-powertools|@middy|aws-cdk-lib|constructs)/` },
    },

    {
      name: 'nobody-imports-tests',
      comment: 'Test builders stay in tests and benchmarks.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'scripts-stand-apart',
      comment: 'Scripts are run, not imported.',
      severity: 'error',
      from: { pathNot: '^(scripts|test|bench)/' },
      to: { path: '^(scripts|bench)/' },
    },
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that cannot be found hides from every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'Works by accident until another package drops it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-at-run-time',
      comment: 'What a function or a program imports is a dependency.',
      severity: 'error',
      from: { path: '^(functions|apps)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: `${npm}@types/` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdk\\.out|coverage|\\.local)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      importsFields: ['imports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
