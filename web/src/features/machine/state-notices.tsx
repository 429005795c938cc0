import type { SignalSpec } from '../../api/reading-schema';
import type { Assessment, MachineDetail } from '../../api/types';
import { OutsideNotice } from '../../charts/outside-notice';
import { useWords } from '../../i18n/t';
import { formatClock } from '../../lib/time';
import { Notice } from '../../ui/notice';

interface Props {
  machine: MachineDetail;
  assessment: Assessment | null;
  signals: readonly SignalSpec[];
}

/** What stands in the way of trusting the numbers below: a reading that cannot be judged, or one far from the known. */
export function StateNotices({ machine, assessment, signals }: Props) {
  const { t } = useWords();
  const reason = machine.state_reason;
  return (
    <>
      {reason !== null && (
        <Notice title={t.machine.cannotJudge(t.codes[reason.code] ?? reason.code)} tone="warn">
          <p>{reason.detail}</p>
          <p>{t.machine.cannotJudgeSince(formatClock(Date.parse(reason.since)))}</p>
        </Notice>
      )}
      {assessment !== null && <OutsideNotice assessment={assessment} signals={signals} />}
    </>
  );
}
