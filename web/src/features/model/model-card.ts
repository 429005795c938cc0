/** What a model's manifest says about it, read from its JSON. Throws DecodeError when it is not one of ours. */

import { array, type Json, number, object, text, texts } from '../../api/decode';
import type { Reference } from './drift';

/** How alarms and failures met, in counts of readings. Shares lie in [0, 1]. */
export interface AlarmCounts {
  readonly alarms: number;
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly precision: number;
  readonly recall: number;
  readonly mcc: number;
}

export interface ModeCounts {
  readonly mode: string;
  readonly failures: number;
  readonly found: number;
}

/** Readings whose predicted probability lay between `low` and `high`, and the share that really failed. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  readonly predicted: number;
  readonly happened: number;
}

export interface ModelCard {
  /** How each feature was spread in the training data; some of them are signals. */
  readonly references: readonly Reference[];
  readonly name: string;
  readonly version: string;
  readonly createdAt: string;
  readonly digest: string;
  readonly libraries: Readonly<Record<string, string>>;
  readonly features: readonly string[];
  readonly data: { readonly source: string; readonly rows: number; readonly failures: number };
  /** Modes that are in the data and that the model does not foresee. */
  readonly unforeseen: readonly string[];
  readonly thresholds: { readonly failure: number; readonly anomaly: number };
  readonly method: string;
  readonly failures: number;
  readonly model: AlarmCounts;
  readonly rules: AlarmCounts;
  readonly never: AlarmCounts;
  readonly always: AlarmCounts;
  readonly modes: readonly ModeCounts[];
  readonly rightMode: { readonly right: number; readonly all: number };
  readonly reliability: readonly ReliabilityBin[];
  readonly anomaly: { readonly failures: number; readonly normal: number };
  /** Scores by their usual names, such as `PR-AUC`. */
  readonly scores: readonly (readonly [string, number])[];
}

export function modelCard(manifest: unknown): ModelCard {
  const root = object(manifest, 'manifest');
  const data = object(root['data'], 'data');
  const metrics = object(root['metrics'], 'metrics');
  const thresholds = object(root['thresholds'], 'thresholds');
  const anomaly = object(metrics['anomaly'], 'anomaly');
  const foreseen = texts(root['modes'], 'modes');
  return {
    references: objects(root, 'reference').map((one) => ({
      signal: text(one['feature'], 'reference feature'),
      edges: numbers(one, 'edges'),
      counts: numbers(one, 'counts'),
    })),
    name: text(root['name'], 'name'),
    version: text(root['version'], 'version'),
    createdAt: text(root['created_at'], 'created_at'),
    digest: text(root['content_digest'], 'content_digest'),
    libraries: Object.fromEntries(
      Object.entries(object(root['libraries'], 'libraries')).map(([name, version]) => [name, text(version, name)]),
    ),
    features: objects(root, 'features').map((feature) => text(feature['name'], 'feature name')),
    data: {
      source: text(data['source'], 'source'),
      rows: number(data['rows'], 'rows'),
      failures: number(data['failures'], 'failures'),
    },
    unforeseen: Object.keys(object(data['modes'], 'data modes')).filter((mode) => !foreseen.includes(mode)),
    thresholds: {
      failure: number(thresholds['failure'], 'failure threshold'),
      anomaly: number(thresholds['anomaly'], 'anomaly threshold'),
    },
    method: text(metrics['method'], 'method'),
    failures: number(metrics['failures'], 'failures'),
    model: counts(metrics, 'alarm'),
    rules: counts(metrics, 'rule_baseline'),
    never: counts(metrics, 'never_alarm'),
    always: counts(metrics, 'always_alarm'),
    modes: objects(metrics, 'modes').map((mode) => ({
      mode: text(mode['mode'], 'mode'),
      failures: number(mode['failures'], 'mode failures'),
      found: number(mode['found'], 'mode found'),
    })),
    rightMode: {
      right: number(metrics['right_mode_highest'], 'right_mode_highest'),
      all: number(metrics['single_mode_failures'], 'single_mode_failures'),
    },
    reliability: objects(metrics, 'reliability').map(bin),
    anomaly: {
      failures: number(anomaly['flagged_failures'], 'flagged_failures'),
      normal: number(anomaly['flagged_normal'], 'flagged_normal'),
    },
    scores: [
      ['PR-AUC', number(metrics['pr_auc'], 'pr_auc')],
      ['ROC-AUC', number(metrics['roc_auc'], 'roc_auc')],
      ['Brier', number(metrics['brier'], 'brier')],
      ['ECE', number(metrics['ece'], 'ece')],
    ],
  };
}

function objects(root: Json, key: string): Json[] {
  return array(root[key], key).map((item) => object(item, key));
}

function numbers(root: Json, key: string): number[] {
  return array(root[key], key).map((item) => number(item, key));
}

function counts(metrics: Json, key: string): AlarmCounts {
  const found = object(metrics[key], key);
  return {
    alarms: number(found['alarms'], `${key} alarms`),
    found: number(found['found'], `${key} found`),
    missed: number(found['missed'], `${key} missed`),
    falseAlarms: number(found['false_alarms'], `${key} false_alarms`),
    precision: number(found['precision'], `${key} precision`),
    recall: number(found['recall'], `${key} recall`),
    mcc: number(found['mcc'], `${key} mcc`),
  };
}

function bin(item: Json): ReliabilityBin {
  return {
    low: number(item['low'], 'bin low'),
    high: number(item['high'], 'bin high'),
    rows: number(item['rows'], 'bin rows'),
    predicted: number(item['mean_probability'], 'mean_probability'),
    happened: number(item['failure_share'], 'failure_share'),
  };
}
