/** Where every page hands over what somebody wants to do to an alarm; the dialogs and their words are loaded then. */

import { createContext, useContext } from 'react';
import type { AlarmItem } from '../api/types';

/** `ack`, `unshelve` and what gives back are done at once where nothing has to be said; the others ask first. */
export type Deed =
  | 'ack'
  | 'shelve'
  | 'unshelve'
  | 'assign'
  | 'note'
  | 'close'
  | 'verdict'
  | 'suppress'
  | 'unsuppress'
  | 'out-of-service'
  | 'return-to-service';

export type Ask = (deed: Deed, alarm: AlarmItem) => void;

export const DeskContext = createContext<Ask | null>(null);

export function useDesk(): Ask {
  const ask = useContext(DeskContext);
  if (ask === null) throw new Error('DeskContext is missing');
  return ask;
}
