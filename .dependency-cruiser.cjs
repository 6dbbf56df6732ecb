/** The directions of DESIGN section 10; `npm run boundaries` holds them. */
const step = '^lambdas/(?!shared/)([^/]+)/'
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-is-the-bottom',
      severity: 'error',
      from: { path: '^lambdas/shared/contract/' },
      to: { path: '^(lambdas|lib|local|migrations|test|bin)/', pathNot: '^lambdas/shared/contract/' },
    },
    {
      name: 'domain-knows-contract-only',
      severity: 'error',
      from: { path: '^lambdas/shared/domain/' },
      to: {
        path: '^(lambdas|lib|local|migrations|test|bin)/',
        pathNot: '^lambdas/shared/(contract|domain)/',
      },
    },
    {
      name: 'domain-has-no-sdk',
      severity: 'error',
      from: { path: '^lambdas/shared/(domain|ports|contract)/' },
      to: { path: 'node_modules/(@aws-sdk|@smithy|@middy|@aws-lambda-powertools)/' },
    },
    {
      name: 'ports-know-domain',
      severity: 'error',
      from: { path: '^lambdas/shared/ports/' },
      to: {
        path: '^(lambdas|lib|local|migrations|test|bin)/',
        pathNot: '^lambdas/shared/(contract|domain|ports)/',
      },
    },
    {
      name: 'adapters-know-ports-and-domain',
      severity: 'error',
      from: { path: '^lambdas/shared/adapters/' },
      to: {
        path: '^(lambdas|lib|local|migrations|test|bin)/',
        pathNot: '^lambdas/shared/(contract|domain|ports|adapters)/',
      },
    },
    {
      name: 'only-handlers-build-adapters',
      severity: 'error',
      from: { path: step, pathNot: '/handler\\.ts$' },
      to: { path: '^lambdas/shared/(adapters|handler)/' },
    },
    {
      name: 'sibling-steps-are-strangers',
      severity: 'error',
      from: { path: step },
      to: { path: '^lambdas/(?!shared/)', pathNot: '^lambdas/$1/' },
    },
    {
      name: 'migrations-know-the-definition',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^(lambdas|lib|local|test|bin)/', pathNot: '^lambdas/shared/domain/definition/' },
    },
    {
      name: 'lib-knows-contract-alone',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(lambdas|migrations|local|test|bin)/', pathNot: '^lambdas/shared/contract/' },
    },
    {
      name: 'nobody-knows-local',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|migrations)/' },
      to: { path: '^(audit|local|test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdk\\.out|\\.build|\\.lockgate)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
