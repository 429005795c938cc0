/** The bodies of the services under the names that this application uses. Times on the wire are RFC 3339 in UTC. */

import type * as gateway from './gateway.gen';
import type * as inference from './inference.gen';

export type Assessment = inference.Assessment;
export type Reason = inference.Reason;
export type RuleResult = inference.RuleResult;
export type BatchAnswer = inference.BatchAnswer;
export type FieldError = inference.FieldError;
export type ModelList = inference.ModelList;
export type ModelSummary = inference.ModelSummary;
export type ModelDetail = inference.ModelDetail;
export type ProblemDocument = inference.ProblemDocument;

export type MachineList = gateway.MachineList;
export type MachineSummary = gateway.MachineSummary;
export type MachineDetail = gateway.MachineDetail;
export type StateReason = gateway.StateReason;
export type DataHealth = gateway.DataHealth;
export type RedriveAnswer = gateway.RedriveAnswer;
export type DeadLetterReason = gateway.DeadLetterReason;
export type Timeline = gateway.Timeline;
export type RecentSignals = gateway.RecentSignals;

export type Policy = gateway.Policy;
export type Condition = gateway.Condition;
export type PolicyItem = gateway.PolicyItem;
export type PolicyList = gateway.PolicyList;
export type PolicyDetail = gateway.PolicyDetail;
export type PolicyVersions = gateway.PolicyVersions;
export type PolicyPreview = gateway.PolicyPreview;
export type ThresholdChoice = gateway.ThresholdChoice;
export type Point = gateway.Point;
export type HistoryDifference = gateway.HistoryDifference;
export type HistoryAlarm = gateway.HistoryAlarm;
export type ModeDifference = gateway.ModeDifference;
export type ReplayItem = gateway.ReplayItem;
export type ReplayPage = gateway.ReplayPage;
export type ReplayRequest = gateway.ReplayRequest;
export type ReplayResult = gateway.ReplayResult;
export type ReplayDiff = gateway.ReplayDiff;
export type ReplayModels = gateway.ModelList;

export type Precision = gateway.AlarmPrecision;
export type AlarmItem = gateway.AlarmItem;
export type AlarmPage = gateway.AlarmPage;
export type AlarmCount = gateway.AlarmCount;
export type AlarmDetail = gateway.AlarmDetail;
export type AlarmTransition = gateway.AlarmTransition;
export type AlarmAction = gateway.AlarmAction;
export type AlarmLoad = gateway.AlarmLoad;
export type AlarmRate = gateway.AlarmRate;
export type AlarmFlood = gateway.AlarmFlood;
export type Advice = gateway.Advice;
export type TrackRecord = gateway.TrackRecord;
export type AlarmTrackRecord = gateway.AlarmTrackRecord;
export type VerdictRequest = gateway.VerdictRequest;
export type VerdictView = gateway.VerdictView;
