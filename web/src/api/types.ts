/** The bodies of the two services that the browser calls. Times on the wire are RFC 3339 in UTC. */

export type MachineStateName = 'live' | 'stale' | 'offline' | 'never_seen' | 'cannot_judge';

export interface RuleResult {
  mode: string;
  name: string;
  value: number;
  limit: number;
  bound: 'above' | 'below';
  unit: string;
  fired: boolean;
}

export interface Reason {
  feature: string;
  value: number;
  unit: string;
  contribution: number;
}

export interface OutsideSignal {
  signal: string;
  value: number;
  low: number;
  high: number;
}

export interface Assessment {
  anomaly: boolean;
  failure_probability: number;
  prediction: number;
  status: 'assessed' | 'outside_training_data';
  machine_id: string;
  equipment: string;
  product_type: string;
  event_id: string;
  observed_at: string;
  received_at: string;
  signals: Record<string, number>;
  anomaly_score: number;
  baseline: number;
  modes: Record<string, number>;
  rules: RuleResult[];
  reasons: Reason[];
  outside: OutsideSignal[];
  thresholds: { failure: number; anomaly: number };
  model: { name: string; version: string; digest: string };
  assumptions: string[];
}

export interface StateReason {
  code: string;
  detail: string;
  since: string;
}

export interface LastWord {
  event_id: string;
  observed_at: string;
  failure_probability: number;
  anomaly: boolean;
  anomaly_score: number;
  prediction: number;
  status: string;
  top_mode: string | null;
  top_reason: Reason | null;
}

export interface MachineSummary {
  machine_id: string;
  equipment: string;
  product_type: string | null;
  line: string | null;
  state: MachineStateName;
  state_reason: StateReason | null;
  age_s: number | null;
  last: LastWord | null;
}

export interface MachineList {
  machines: MachineSummary[];
  next_cursor: string | null;
  total: number;
  counts: Record<MachineStateName | 'at_risk', number>;
  server_time: string;
}

export interface MachineDetail extends MachineSummary {
  last_assessment: Assessment | null;
}

export interface Timeline {
  machine_id: string;
  points: number;
  downsampled: boolean;
  observed_at: number[];
  failure_probability: number[];
  anomaly_score: number[];
  prediction: number[];
  signals: Record<string, number[]>;
}

export interface FieldError {
  pointer: string;
  detail: string;
  code?: string | null;
  suggested?: number | null;
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  trace_id: string;
  errors?: FieldError[];
}
