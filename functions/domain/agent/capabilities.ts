/** The names every tenant knows. A tenant's own begin with `x-`. */
export const CAPABILITIES = [
  'requirements_analysis',
  'system_design',
  'architecture_planning',
  'task_decomposition',
  'code_generation',
  'test_generation',
  'testing',
  'documentation',
  'refactoring',
  'code_review',
  'security_audit',
  'performance_analysis',
  'compliance_check',
  'debugging',
  'bug_fixing',
  'troubleshooting',
  'root_cause_analysis',
  'optimization',
  'deployment',
  'configuration',
  'monitoring',
  'scaling',
  'workflow_orchestration',
  'resource_allocation',
  'conflict_resolution',
  'progress_tracking',
  'api_development',
  'backend_development',
  'ci_cd',
  'database_design',
  'error_handling',
  'frontend_development',
  'performance_optimization',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** What an implementer does unless it says otherwise. */
export const IMPLEMENTER_CAPABILITIES: readonly Capability[] = [
  'code_generation',
  'test_generation',
  'documentation',
  'refactoring',
];
