/** Calls about alarms. An action says which version of the alarm it is meant for; 409 means that somebody was faster. */

import { call, callBlob, post } from './client';
import { ALARM_LOAD, alarmPath, alarmsPath, ratePath } from './paths';
import type { AlarmAction, AlarmDetail, AlarmLoad, AlarmPage, AlarmRate, VerdictRequest } from './types';

export interface AlarmQuery {
  readonly open?: 'yes' | 'no' | 'any';
  readonly state?: AlarmDetail['state'];
  readonly priority?: number;
  readonly machine?: string;
  readonly overlay?: AlarmDetail['overlay'];
  readonly sort?: 'rank' | 'raised';
  readonly limit?: number;
  readonly cursor?: string | null;
}

export type ActionName =
  | 'ack'
  | 'shelve'
  | 'unshelve'
  | 'assign'
  | 'note'
  | 'close'
  | 'suppress'
  | 'unsuppress'
  | 'out-of-service'
  | 'return-to-service';

/** What an action carries beside its name and who acts. */
export type ActionBody = Readonly<Omit<AlarmAction, 'actor'>>;

export function listAlarms(query: AlarmQuery, signal: AbortSignal): Promise<AlarmPage> {
  return call(alarmsPath({ ...query }), { signal });
}

export function getAlarm(id: string, signal?: AbortSignal): Promise<AlarmDetail> {
  return call(alarmPath(id), signal === undefined ? {} : { signal });
}

/** Does something to the alarm of that version, in the name of `actor`; the alarm as it is afterwards. */
export function actOnAlarm(
  { alarm_id, version }: { readonly alarm_id: string; readonly version: number },
  action: ActionName,
  body: ActionBody,
  actor: string,
): Promise<AlarmDetail> {
  return post(`${alarmPath(alarm_id)}/${action}`, { ...body, actor }, undefined, { 'if-match': `"${version}"` });
}

/** How many alarms came in the last day, the worst actors and the floods. */
export function getAlarmLoad(signal: AbortSignal): Promise<AlarmLoad> {
  return call(ALARM_LOAD, { signal });
}

/** How many alarms of an equipment came on each of the last thirty days, and which models judged then. */
export function getAlarmRate(equipment: string, signal: AbortSignal): Promise<AlarmRate> {
  return call(ratePath(equipment), { signal });
}

/** Says what was found about the alarm; the newest verdict counts. */
export function giveVerdict(id: string, verdict: Omit<VerdictRequest, 'actor'>, actor: string): Promise<AlarmDetail> {
  return post(`${alarmPath(id)}/verdict`, { ...verdict, actor });
}

/** The decision record, byte for byte as sent: it is sealed, and anybody can check it offline. */
export function getDecisionRecord(id: string): Promise<Blob> {
  return callBlob(`${alarmPath(id)}/record`);
}
