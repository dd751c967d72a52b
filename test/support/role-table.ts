/** Who may call an operation: the kinds of principals, each in one letter group. */
export type Caller = 'viewer' | 'member' | 'lead' | 'admin' | 'agent' | 'runner';

const EVERYBODY: readonly Caller[] = ['viewer', 'member', 'lead', 'admin'];
const MEMBERS: readonly Caller[] = ['member', 'lead', 'admin'];
const LEADS: readonly Caller[] = ['lead', 'admin'];
const ADMINS: readonly Caller[] = ['admin'];
const AGENTS: readonly Caller[] = ['agent'];

const row = (callers: readonly Caller[], operations: string) =>
  operations
    .trim()
    .split(/\s+/)
    .map((operation) => [operation, callers] as const);

/** Needs no credential, or one that is no principal's. */
export const OPEN_OPERATIONS = ['get_root', 'get_health', 'get_liveness', 'get_openapi', 'get_eap_protocol'] as const;
export const BOOTSTRAP_OPERATION = 'bootstrap_platform';

/**
 * Who may do what, written down a second time. A new operation gets its row here, from the product's table of roles: its
 * tests against every credential and every foreign id follow from it.
 */
export const ROLE_ROWS: readonly (readonly [string, readonly Caller[]])[] = [
  ...row(
    MEMBERS,
    `create_session update_session delete_session start_session cancel_session retry_session restore_session_checkpoint
     pause_session resume_session stop_session complete_session fail_session send_session_message add_session_checkpoint`,
  ),
  ...row(
    EVERYBODY,
    `list_sessions get_session list_session_events list_session_logs list_session_artifacts get_session_artifact
     get_session_diff get_session_result list_session_attempts list_session_checkpoints get_session_stats get_session_tree`,
  ),
  ...row(MEMBERS, 'register_agent route_task record_agent_heartbeat record_agent_performance'),
  ...row(EVERYBODY, 'list_agents get_agent_stats get_agent list_agent_assignments list_agents_by_capability'),
  ...row(LEADS, 'update_agent deregister_agent revoke_agent_tokens rebalance_agents probe_agent'),
  ...row([...MEMBERS, 'runner'], 'register_external_agent'),
  ...row(
    AGENTS,
    `eap_heartbeat eap_claim eap_list_assignments eap_get_assignment eap_report_events eap_extend_lease
     eap_create_artifact eap_get_artifact eap_submit_result eap_release eap_rotate_token eap_deregister`,
  ),
  ...row(MEMBERS, 'create_dataset list_dataset_items estimate_training_job create_training_job'),
  ...row(
    EVERYBODY,
    `list_datasets get_dataset list_training_jobs get_training_job list_training_metrics list_training_events
     get_training_evaluation list_models get_model list_model_versions get_model_version list_model_history
     list_model_trials`,
  ),
  ...row(
    LEADS,
    `delete_dataset poll_training_jobs start_training_job cancel_training_job retry_training_job update_model
     archive_model_version promote_model rollback_model`,
  ),
  ...row([...EVERYBODY, 'agent', 'runner'], 'get_me'),
  ...row(LEADS, 'update_tenant'),
  ...row(ADMINS, 'create_tenant list_tenants suspend_tenant reactivate_tenant set_tenant_quotas'),
  ...row(
    EVERYBODY,
    'get_tenant get_tenant_quotas create_api_key list_api_keys get_api_key rotate_api_key revoke_api_key',
  ),
];

/** The callers of an operation. @throws Error that says what to do, for an operation without a row or with two */
export const callersOf = (operationId: string): readonly Caller[] => {
  const rows = ROLE_ROWS.filter(([operation]) => operation === operationId);
  const [only] = rows;
  if (only === undefined || rows.length > 1)
    throw new Error(`${operationId} needs exactly one row in test/support/role-table.ts, and has ${rows.length}`);
  return only[1];
};
