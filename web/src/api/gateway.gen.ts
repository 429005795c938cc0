// Written by `npm run generate` from the OpenAPI document of the service. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * Sort
 *
 * Orders of the list; a minus turns them round. Machines without a value count as 0 or as the oldest.
 */
export type Sort = 'id' | '-id' | 'probability' | '-probability' | 'age' | '-age';

/**
 * MachineList
 *
 * A page of machines. `counts` are over all states, under the same line and text; `total` is of this list.
 */
export type MachineList = {
    machines: Array<MachineSummary>;
    next_cursor: string | null;
    total: number;
    counts: StateCounts;
    server_time: string;
};

/**
 * MachineSummary
 *
 * A machine at a glance; `age_s` is seconds since its newest assessed reading was observed.
 *
 * All states are in event time. `state_reason` is there when the newest reading cannot be judged.
 */
export type MachineSummary = {
    machine_id: string;
    equipment: string;
    product_type: string | null;
    line: string | null;
    state: 'cannot_judge' | 'live' | 'never_seen' | 'offline' | 'stale';
    state_reason: StateReason | null;
    age_s: number | null;
    last: LastAssessment | null;
};

/**
 * StateReason
 *
 * Why a machine cannot be judged, and since when none of its readings could be.
 */
export type StateReason = {
    code: string;
    detail: string;
    since: string;
};

/**
 * LastAssessment
 *
 * The newest assessment of a machine, by event time, in short.
 */
export type LastAssessment = {
    event_id: string;
    observed_at: string;
    failure_probability: number;
    anomaly: boolean;
    anomaly_score: number;
    prediction: number;
    status: 'assessed' | 'outside_training_data';
    top_mode: string | null;
    top_reason: Reason | null;
};

/**
 * Reason
 *
 * What one physical cause added to (+) or took from (-) the failure probability.
 *
 * `baseline` + the sum of all contributions = `failure_probability` (within 1e-9). `value` is in `unit`.
 */
export type Reason = {
    feature: string;
    value: number;
    unit: string;
    contribution: number;
};

/**
 * StateCounts
 *
 * Machines by state; `at_risk` are the live and stale ones that are predicted to fail.
 */
export type StateCounts = {
    live: number;
    stale: number;
    offline: number;
    never_seen: number;
    cannot_judge: number;
    at_risk: number;
};

/**
 * MachineDetail
 *
 * A machine with its newest assessment whole, and how much is kept of it.
 */
export type MachineDetail = {
    machine_id: string;
    equipment: string;
    product_type: string | null;
    line: string | null;
    state: 'cannot_judge' | 'live' | 'never_seen' | 'offline' | 'stale';
    state_reason: StateReason | null;
    age_s: number | null;
    last: LastAssessment | null;
    registered_at: string;
    first_seen_at: string | null;
    stored_readings: number;
    dead_letters: number;
    last_assessment: Assessment | null;
};

/**
 * Assessment
 *
 * A judged reading. The first three fields are the public promise: always first, always these types.
 *
 * `failure_probability` and `modes` lie in [0, 1]; `anomaly_score` in [0, 1], higher is more unusual. `prediction` is
 * 0 or 1. `signals` are the reading's values in `units`, those of the equipment profile. Times are UTC. `remedies` are
 * there when the prediction is 1, a mode stands at or above the failure threshold, or a published limit is broken.
 */
export type Assessment = {
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
    signals: {
        [key: string]: number;
    };
    anomaly_score: number;
    baseline: number;
    modes: {
        [key: string]: number;
    };
    rules: Array<RuleResult>;
    reasons: Array<Reason>;
    outside: Array<OutsideSignal>;
    thresholds: Thresholds;
    model: ModelRef;
    assumptions: Array<string>;
    units?: {
        [key: string]: string;
    };
    remedies?: Array<Remedy>;
};

/**
 * RuleResult
 *
 * One published limit, evaluated: the rule baseline that stands beside the model.
 *
 * `value` and `limit` are in `unit`; the rule fires when `value` is beyond `limit` in the direction `bound`
 * and every condition of the profile holds.
 */
export type RuleResult = {
    mode: string;
    name: string;
    value: number;
    limit: number;
    bound: 'above' | 'below';
    unit: string;
    fired: boolean;
};

/**
 * OutsideSignal
 *
 * A value outside the range of the training data [`low`, `high`], in the signal's unit.
 */
export type OutsideSignal = {
    signal: string;
    value: number;
    low: number;
    high: number;
};

/**
 * Thresholds
 *
 * At or above `failure` the prediction is 1; at or above `anomaly` the reading is an anomaly.
 */
export type Thresholds = {
    failure: number;
    anomaly: number;
};

/**
 * ModelRef
 *
 * Which model answered. `digest` is `sha256:` and the hex digest of the artifact's manifest.
 */
export type ModelRef = {
    name: string;
    version: string;
    digest: string;
};

/**
 * Remedy
 *
 * What to do about a failure mode that this reading shows: the playbook of the equipment's profile.
 *
 * `changes` are single signals that would clear the mode, the nearest first; empty when no single one does.
 */
export type Remedy = {
    mode: string;
    title: string;
    check: Array<string>;
    act: Array<string>;
    changes: Array<SignalChange>;
};

/**
 * SignalChange
 *
 * Bring `signal` from `value` to the `side` of `limit`, both in `unit`, and leave the others: that would clear it.
 *
 * `failure_probability` is what the model says of that reading.
 */
export type SignalChange = {
    signal: string;
    unit: string;
    value: number;
    limit: number;
    side: 'above' | 'below';
    failure_probability: number;
};

/**
 * MachineFacts
 *
 * What a person registers about a machine.
 */
export type MachineFacts = {
    equipment: string;
    product_type?: string | null;
    line?: string | null;
};

/**
 * AssessmentPage
 *
 * Stored assessments of a machine, newest first.
 */
export type AssessmentPage = {
    assessments: Array<Assessment>;
    next_cursor: string | null;
};

/**
 * Timeline
 *
 * A time range of one machine, column by column; every column has `points` values.
 *
 * `observed_at` is milliseconds since 1970 UTC, ascending. The points are readings as stored; when the range held
 * more (`readings`) than were asked for, `downsampled` is true, and the smallest and largest failure probability,
 * anomaly score and signal values of every stretch of time are among those that were kept.
 */
export type Timeline = {
    machine_id: string;
    from: string;
    to: string;
    readings: number;
    points: number;
    downsampled: boolean;
    observed_at: Array<number>;
    failure_probability: Array<number>;
    anomaly_score: Array<number>;
    prediction: Array<number>;
    signals: {
        [key: string]: Array<number>;
    };
};

/**
 * RecentSignals
 *
 * Readings of all machines of an equipment, column by column; every column has `readings` values.
 *
 * They are spread evenly over the time from `from` on, when the first of them was stored. Units are the profile's.
 */
export type RecentSignals = {
    equipment: string;
    from: string;
    to: string;
    readings: number;
    signals: {
        [key: string]: Array<number>;
    };
};

/**
 * DataHealth
 *
 * What the gateway can see of the flow of data: in its topics, its store and its machines.
 */
export type DataHealth = {
    server_time: string;
    rates: Rates;
    backlog: Backlog;
    latency: Latency;
    clock_skew: ClockSkew;
    dead_letters: Array<DeadLetterReason>;
    machines: StateCounts;
    longest_silent: Array<MachineSummary>;
};

/**
 * Rates
 *
 * Readings stored per second, over the last minute and the last five.
 */
export type Rates = {
    one_minute: number;
    five_minutes: number;
};

/**
 * Backlog
 *
 * How far this process's writing station is behind, as of `as_of`; null before it has looked.
 */
export type Backlog = {
    partitions: Array<PartitionLag>;
    oldest_age_s: number;
    as_of: string | null;
};

/**
 * PartitionLag
 *
 * Records of a partition that this gateway has not yet taken.
 */
export type PartitionLag = {
    topic: string;
    partition: number;
    records: number;
};

/**
 * Latency
 *
 * Seconds from the acceptance of a reading until it was stored, over the last five minutes, newest 10,000.
 */
export type Latency = {
    readings: number;
    p50_s: number | null;
    p95_s: number | null;
    p99_s: number | null;
};

/**
 * ClockSkew
 *
 * The furthest that a machine's clock was ahead of and behind ours in the same readings, in seconds.
 */
export type ClockSkew = {
    ahead_s: number;
    behind_s: number;
};

/**
 * DeadLetterReason
 *
 * The dead letters of one reason, with the newest three.
 *
 * Of `count`, `open` wait for somebody, and `redriven` were put back on their topic at least once.
 */
export type DeadLetterReason = {
    code: string;
    count: number;
    open: number;
    redriven: number;
    last_at: string;
    samples: Array<DeadLetterSample>;
};

/**
 * DeadLetterSample
 *
 * One refused record; `value_start` is its first 200 characters, without control characters.
 */
export type DeadLetterSample = {
    id: string;
    origin: string;
    detail: string;
    service: string;
    machine_id: string | null;
    refused_at: string;
    value_start: string;
};

/**
 * DeadLetterPage
 *
 * Dead letters, the newest refusal first.
 */
export type DeadLetterPage = {
    dead_letters: Array<DeadLetterItem>;
    next_cursor: string | null;
};

/**
 * DeadLetterItem
 *
 * A refused record: why, where it lay, and what became of it.
 *
 * `status`: `open` waits for somebody; `redriven` is back on its topic, outcome not known yet; `stored`: its reading
 * is stored; `dead_again`: refused once more, as the dead letter `successor`. `topic`, `partition` and `offset` are
 * null for what never lay on a topic; `redrivable` says whether it can be put back.
 */
export type DeadLetterItem = {
    id: string;
    code: string;
    detail: string;
    service: string;
    machine_id: string | null;
    refused_at: string;
    stored_at: string;
    origin: string;
    topic: string | null;
    partition: number | null;
    offset: number | null;
    status: 'dead_again' | 'open' | 'redriven' | 'stored';
    redrivable: boolean;
    redrives: number;
    redriven_at: string | null;
    successor: string | null;
    value: Shown;
};

/**
 * Shown
 *
 * Bytes for a person: as `text`, or in `base64` when they are no readable UTF-8; `size` is of all of them.
 */
export type Shown = {
    encoding: 'base64' | 'text';
    content: string;
    size: number;
    truncated: boolean;
};

/**
 * DeadLetterDetail
 *
 * A refused record whole: up to 64 KiB of its bytes, its key and its headers.
 */
export type DeadLetterDetail = {
    id: string;
    code: string;
    detail: string;
    service: string;
    machine_id: string | null;
    refused_at: string;
    stored_at: string;
    origin: string;
    topic: string | null;
    partition: number | null;
    offset: number | null;
    status: 'dead_again' | 'open' | 'redriven' | 'stored';
    redrivable: boolean;
    redrives: number;
    redriven_at: string | null;
    successor: string | null;
    value: Shown;
    key: Shown | null;
    headers: Array<Header>;
};

/**
 * Header
 *
 * A header of the refused record.
 */
export type Header = {
    name: string;
    value: Shown;
};

/**
 * RedriveRequest
 *
 * Which dead letters go back: those named by `ids`, or the oldest `limit` open ones with `code`; one of both.
 */
export type RedriveRequest = {
    ids?: Array<string> | null;
    code?: string | null;
    limit?: number;
};

/**
 * RedriveAnswer
 *
 * What one request did. The same `Idempotency-Key` gets this answer again, and nothing is published twice.
 */
export type RedriveAnswer = {
    redrive_id: string;
    published: number;
    letters: Array<RedrivenLetter>;
};

/**
 * RedrivenLetter
 *
 * What this request did with one dead letter.
 *
 * `published`: its bytes are on their topic; `unknown`: perhaps, no acknowledgement came in time; `not_published`:
 * the log took no more. The others were left alone: `awaiting` the outcome of an earlier redrive, `stored` or
 * `dead_again` by one, `not_redrivable`, `not_found`.
 */
export type RedrivenLetter = {
    id: string;
    outcome: 'awaiting' | 'dead_again' | 'not_found' | 'not_published' | 'not_redrivable' | 'published' | 'stored' | 'unknown';
};

/**
 * AlarmPage
 *
 * A page of alarms. `counts` are the open ones of the same machine and condition, whatever else was asked.
 */
export type AlarmPage = {
    alarms: Array<AlarmItem>;
    next_cursor: string | null;
    counts: Array<AlarmCount>;
    server_time: string;
};

/**
 * AlarmItem
 *
 * An alarm at a glance. Times are event time; `overlay` is what hides it now, `raised_under` what hid its raise.
 *
 * `version` goes up with every change: send it as `If-Match: "<version>"` with an action. `precision` tells how often
 * alarms like this one were real; null without a policy.
 */
export type AlarmItem = {
    alarm_id: string;
    machine_id: string;
    equipment: string;
    mode: string;
    state: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    is_open: boolean;
    priority: number;
    raised_at: string;
    acknowledged_at: string | null;
    returned_at: string | null;
    ended_at: string | null;
    score: number | null;
    event_id: string;
    overlay: 'none' | 'out_of_service' | 'shelved' | 'suppressed';
    raised_under: 'none' | 'out_of_service' | 'shelved' | 'suppressed';
    shelved_until: string | null;
    suppressed_from: string | null;
    suppressed_until: string | null;
    assignee: string | null;
    version: number;
    changed_by: string;
    changed_at: string;
    model_digest: string;
    policy_digest: string;
    precision: AlarmPrecision | null;
};

/**
 * AlarmPrecision
 *
 * How often alarms of this condition and machine class were real; `scope` as in `AlarmTrackRecord`.
 */
export type AlarmPrecision = {
    real: number;
    judged: number;
    low: number | null;
    high: number | null;
    enough: boolean;
    sentence: string;
    scope: 'machine_class' | 'version';
};

/**
 * AlarmCount
 *
 * How many open alarms have this state and priority, and whether an overlay hides them.
 */
export type AlarmCount = {
    state: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    priority: number;
    hidden: boolean;
    count: number;
};

/**
 * AlarmDetail
 *
 * An alarm whole: its newest 500 transitions in order, the assessment that raised it, and what to do.
 *
 * `assessment` and `advice` are null once that assessment is no longer kept, `track_record` without a policy.
 */
export type AlarmDetail = {
    alarm_id: string;
    machine_id: string;
    equipment: string;
    mode: string;
    state: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    is_open: boolean;
    priority: number;
    raised_at: string;
    acknowledged_at: string | null;
    returned_at: string | null;
    ended_at: string | null;
    score: number | null;
    event_id: string;
    overlay: 'none' | 'out_of_service' | 'shelved' | 'suppressed';
    raised_under: 'none' | 'out_of_service' | 'shelved' | 'suppressed';
    shelved_until: string | null;
    suppressed_from: string | null;
    suppressed_until: string | null;
    assignee: string | null;
    version: number;
    changed_by: string;
    changed_at: string;
    model_digest: string;
    policy_digest: string;
    precision: AlarmPrecision | null;
    transitions: Array<AlarmTransition>;
    assessment: Assessment | null;
    advice: Advice | null;
    verdict: VerdictView | null;
    track_record: AlarmTrackRecord | null;
};

/**
 * AlarmTransition
 *
 * One change. `actor` is `system` or the name of a person; `until` ends a shelf or a suppression.
 */
export type AlarmTransition = {
    seq: number;
    kind: 'acknowledged' | 'assigned' | 'chatter_began' | 'chatter_ended' | 'closed' | 'escalated' | 'noted' | 'raised' | 'raised_again' | 'removed_from_service' | 'returned' | 'returned_to_service' | 'shelved' | 'suppressed' | 'unshelved' | 'unsuppressed';
    before: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    after: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    at: string;
    actor: string;
    reason: string;
    priority: number;
    overlay: 'none' | 'out_of_service' | 'shelved' | 'suppressed';
    event_id: string | null;
    score: number | null;
    policy_digest: string;
    until: string | null;
    assignee: string | null;
};

/**
 * Advice
 *
 * `playbook` names the text of the equipment's profile (`/api/schema/{equipment}`, `modes.{mode}.playbook`).
 *
 * `check` and `act` are that text, as the assessment carries it; empty when it carries none. `cause` is what added
 * most to the failure probability, None when nothing did. `changes` would clear the mode, the nearest first: signals
 * where the model has confirmed it, else the limits of the mode that are broken.
 */
export type Advice = {
    mode: string;
    playbook: string;
    check: Array<string>;
    act: Array<string>;
    cause: Reason | null;
    changes: Array<Change>;
};

/**
 * Change
 *
 * Bring `quantity` from `value` to the `side` of `limit`, by `by`; all in `unit`. `relative` is `by` / limit.
 *
 * With `failure_probability` it is a signal that can be turned alone, and that is what the model then says. Without,
 * it is the quantity of a published limit.
 */
export type Change = {
    quantity: string;
    unit: string;
    value: number;
    limit: number;
    side: 'above' | 'below';
    by: number;
    relative: number;
    failure_probability?: number | null;
};

/**
 * VerdictView
 *
 * The verdict that counts.
 */
export type VerdictView = {
    finding: 'confirmed' | 'false' | 'not_found' | 'planned';
    true_mode: string | null;
    failed_at: string | null;
    cost: number | null;
    down_h: number;
    note: string;
    actor: string;
    given_at: string;
};

/**
 * AlarmTrackRecord
 *
 * How often alarms of this condition and machine class were right.
 *
 * `scope` is `version` when the alarm's own model has verdicts enough, else `machine_class`: over all models.
 */
export type AlarmTrackRecord = {
    scope: 'machine_class' | 'version';
    currency: string;
    record: TrackRecord;
};

/**
 * TrackRecord
 *
 * What is known about the alarms of one group.
 *
 * `precision` is real / judged with its 95 % Wilson interval [`low`, `high`], all None without a judged alarm.
 * `recall` is real / (real + missed), None without either. `lead_s` is the median from raise to failure of the real
 * alarms that tell it, counted in `leads`. `net` is money in the policy's currency against having had no alarms;
 * missed failures are left out because they cost the same either way. `enough`: the judged reach the minimum.
 */
export type TrackRecord = {
    real: number;
    judged: number;
    planned: number;
    missed: number;
    precision: number | null;
    low: number | null;
    high: number | null;
    recall: number | null;
    lead_s: number | null;
    leads: number;
    net: number;
    enough: boolean;
    sentence: string;
};

/**
 * AlarmAction
 *
 * What somebody does. `until` ends a shelf or a suppression, `from` begins a suppression, `one_shot` ends a shelf
 * when the alarm returns, `assignee` is for `assign` (empty: nobody). `actor` unless the header says it.
 */
export type AlarmAction = {
    actor?: string | null;
    note?: string;
    from?: string | null;
    until?: string | null;
    one_shot?: boolean;
    assignee?: string;
};

/**
 * AlarmLoad
 *
 * Alarms shown to operators in [`from`, `to`); rates are per ten minutes and operator, against the EEMUA target.
 *
 * `windows` are the alarms of each ten minutes from `from` on, `above_target` the share of windows above the target.
 */
export type AlarmLoad = {
    from: string;
    to: string;
    operators: number;
    alarms: number;
    mean: number;
    peak: number;
    target: number;
    above_target: number;
    windows: Array<number>;
    bad_actors: Array<AlarmActor>;
    floods: Array<AlarmFlood>;
};

/**
 * AlarmActor
 *
 * A condition of a machine that raises often: how often, and its share of all raises.
 */
export type AlarmActor = {
    machine_id: string;
    mode: string;
    raises: number;
    share: number;
};

/**
 * AlarmFlood
 *
 * More alarms than people can take in. `first_alarm_id` began it; look there for the cause.
 */
export type AlarmFlood = {
    begin: string;
    end: string;
    raises: number;
    machines: number;
    by_mode: {
        [key: string]: number;
    };
    first_alarm_id: string;
    first_machine_id: string;
    first_mode: string;
};

/**
 * AlarmRate
 *
 * Alarms of an equipment that nothing hid: `windows` are those of each 24 hours from `from` on, the last ends now.
 *
 * `models` are the ones that judged, in order, as far back as readings are kept; the first may have judged before. One
 * that judged for less than a day may be missing.
 */
export type AlarmRate = {
    equipment: string;
    from: string;
    to: string;
    windows: Array<number>;
    models: Array<ModelSpell>;
};

/**
 * ModelSpell
 *
 * A model that judged, and when the first reading of the range that it judged was observed.
 */
export type ModelSpell = {
    from: string;
    version: string;
    digest: string;
};

/**
 * VerdictRequest
 *
 * What was found: the alarm was right, it was not, nothing was found, or the work was planned anyway.
 *
 * `failed_at` is when the failure came or was found; `cost` is what the visit cost, `down_h` the hours it kept the
 * machine down. `actor` unless the header says it.
 */
export type VerdictRequest = {
    finding: 'confirmed' | 'false' | 'not_found' | 'planned';
    actor?: string | null;
    true_mode?: string | null;
    failed_at?: string | null;
    cost?: number | null;
    down_h?: number;
    note?: string;
};

/**
 * OutcomeRequest
 *
 * A failure that no alarm announced.
 */
export type OutcomeRequest = {
    machine_id: string;
    mode: string;
    failed_at: string;
    actor?: string | null;
    cost?: number | null;
    down_h?: number | null;
    note?: string;
};

/**
 * OutcomeView
 *
 * A failure that no alarm announced, as it is stored.
 */
export type OutcomeView = {
    outcome_id: string;
    machine_id: string;
    mode: string;
    failed_at: string;
    cost: number | null;
    down_h: number | null;
    note: string;
    actor: string;
    told_at: string;
};

/**
 * TrackRecordList
 *
 * The track record of an equipment by group, the most judged first, and over all.
 */
export type TrackRecordList = {
    equipment: string;
    currency: string;
    groups: Array<TrackRecordGroup>;
    total: TrackRecord;
};

/**
 * TrackRecordGroup
 *
 * One group and its record; what the groups do not tell apart is null.
 */
export type TrackRecordGroup = {
    mode: string | null;
    machine_class: string | null;
    version: string | null;
    record: TrackRecord;
};

/**
 * DecisionRecord
 *
 * Everything that decided about one alarm.
 *
 * `assessment` carries inputs, units, contributions, the trace of the published limits, and the digest of its model.
 * `before` is what was remembered of the machine when it took effect, so that the raise can be decided again.
 * `transitions` are those of the alarm so far. `seals` are hashes of every single value, by JSON pointer: they name a
 * value that was changed later. They show accidents and careless edits; against a forger, sign the document.
 */
export type DecisionRecord = {
    format: number;
    alarm_id: string;
    source: Source;
    assessment: Assessment;
    policy: Policy;
    policy_digest: string;
    before: MachineAlarms;
    transitions: Array<Transition>;
    advice: Advice;
    seals: {
        [key: string]: string;
    };
};

/**
 * Source
 *
 * Where the assessment lay on the log.
 */
export type Source = {
    topic: string;
    partition: number;
    offset: number;
};

/**
 * Policy
 *
 * Everything that decides about alarms of one equipment. `conditions` are failure modes, `failure`, `anomaly`.
 *
 * Timers do not run over gaps longer than `gap_limit_s`; a shelf ends after at most `max_shelf_s`; an alarm of a
 * priority up to `note_up_to_priority` is acknowledged only with a note.
 */
export type Policy = {
    format: 1;
    equipment: string;
    conditions: {
        [key: string]: Condition;
    };
    chatter: Chatter;
    reorder: Reorder;
    gap_limit_s: number;
    max_shelf_s: number;
    note_up_to_priority: number;
    costs: Costs;
    budget: Budget;
    min_verdicts: number;
    warning_horizon_s: number;
};

/**
 * Condition
 *
 * When one condition raises and clears. Scores are in [0, 1]; priority 1 is stop now, 2 this shift, 3 plan.
 *
 * Raises at or above `raise_at` for `on_delay_s`; clears below `raise_at - dead_band` for `off_delay_s`. With the
 * source `rules` the score is 1 while a published limit of the mode is broken, else 0.
 */
export type Condition = {
    raise_at: number;
    dead_band: number;
    on_delay_s: number;
    off_delay_s: number;
    priority: number;
    source?: 'model' | 'rules';
    escalation?: Escalation | null;
};

/**
 * Escalation
 *
 * At or above the score `at`, an open alarm rises to `priority` without becoming a new alarm.
 */
export type Escalation = {
    at: number;
    priority: number;
};

/**
 * Chatter
 *
 * `raises` within `within_s` is chatter; from then on the alarm clears only after `hold_s` below the limit.
 */
export type Chatter = {
    raises: number;
    within_s: number;
    hold_s: number;
};

/**
 * Reorder
 *
 * A reading waits up to `window_s` for earlier ones; at most `max_held` wait per machine.
 */
export type Reorder = {
    window_s: number;
    max_held: number;
};

/**
 * Costs
 *
 * Money in `currency`: a visit after an alarm, a failure without warning, an hour down.
 *
 * `miss_hours_down` is how many hours a failure without warning keeps the machine down.
 */
export type Costs = {
    currency: string;
    visit: number;
    miss: number;
    hour_down: number;
    miss_hours_down: number;
};

/**
 * Budget
 *
 * How many alarms a shift can take.
 */
export type Budget = {
    alarms_per_shift: number;
    shift_h: number;
};

/**
 * MachineAlarms
 *
 * Every condition of one machine that is not quiet, and how many transitions there have been.
 */
export type MachineAlarms = [
    string,
    number,
    {
        [key: string]: Slot;
    }
];

/**
 * Slot
 *
 * One condition of one machine. Times in microseconds of event time. New fields go to the end, with a default.
 *
 * `held_us` is how long the condition has wanted to change, counted only over judged time without gaps; None while it
 * does not. `judged_us` is the reading before, None when that one could not be judged. `raises` are the raises that
 * chatter is counted from. `version` is the `seq` of the newest transition, by `changed_by` at `changed_us`.
 */
export type Slot = [
    'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged',
    string,
    number,
    number | null,
    number | null,
    number | null,
    Array<number>,
    boolean,
    number | null,
    boolean,
    number | null,
    number | null,
    boolean,
    string,
    number,
    string,
    number
];

/**
 * Transition
 *
 * What happened to the alarm of one condition of one machine.
 *
 * `seq` counts the transitions of the machine from 1, in the order in which they took effect. `at_us` is event time,
 * or the time the operator acted. `actor` is `system` or the name a person claims. `event_id` is the assessment that
 * caused it, empty for an operator's action; `score` is that assessment's. `overlay` says what hid the alarm from the
 * list at that moment. `until_us` is when a shelf or a suppression ends; `assignee` is set by `assigned`.
 */
export type Transition = {
    seq: number;
    machine_id: string;
    mode: string;
    alarm_id: string;
    kind: 'acknowledged' | 'assigned' | 'chatter_began' | 'chatter_ended' | 'closed' | 'escalated' | 'noted' | 'raised' | 'raised_again' | 'removed_from_service' | 'returned' | 'returned_to_service' | 'shelved' | 'suppressed' | 'unshelved' | 'unsuppressed';
    before: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    after: 'acknowledged' | 'normal' | 'returned_unacknowledged' | 'unacknowledged';
    at_us: number;
    actor: string;
    reason: string;
    priority: number;
    policy_digest: string;
    event_id?: string;
    score?: number | null;
    model_digest?: string;
    overlay?: '' | 'out_of_service' | 'shelved' | 'suppressed';
    until_us?: number | null;
    assignee?: string;
};

/**
 * WebhookPage
 *
 * Messages, the newest first. `configured`: a receiver is set; `counts` are all messages by status.
 */
export type WebhookPage = {
    configured: boolean;
    deliveries: Array<WebhookDelivery>;
    next_cursor: string | null;
    counts: {
        [key: string]: number;
    };
};

/**
 * WebhookDelivery
 *
 * A message about an alarm. `message_id` is the same at every attempt; `answer` is the last one's HTTP status.
 */
export type WebhookDelivery = {
    message_id: string;
    alarm_id: string;
    kind: string;
    status: 'dead' | 'delivered' | 'pending';
    attempts: number;
    made_at: string;
    next_at: string | null;
    settled_at: string | null;
    answer: number | null;
    error: string;
};

/**
 * WorkOrderReport
 *
 * What a finished work order found about an alarm: becomes its verdict. Fields as in `VerdictRequest`.
 *
 * `actor` is who reported it in the other system.
 */
export type WorkOrderReport = {
    alarm_id: string;
    work_order: string;
    finding: 'confirmed' | 'false' | 'not_found' | 'planned';
    actor?: string | null;
    true_mode?: string | null;
    failed_at?: string | null;
    cost?: number | null;
    down_h?: number;
    note?: string;
};

/**
 * PolicyList
 *
 * The policies in force, by equipment.
 */
export type PolicyList = {
    policies: Array<PolicyItem>;
};

/**
 * PolicyItem
 *
 * A stored version. Version 0 is a policy that ships and has not been needed yet.
 */
export type PolicyItem = {
    equipment: string;
    version: number;
    digest: string;
    author: string;
    reason: string;
    made_at: string | null;
};

/**
 * PolicyVersions
 *
 * The versions of a policy, the newest first; that one is in force.
 */
export type PolicyVersions = {
    versions: Array<PolicyItem>;
};

/**
 * PolicyDetail
 *
 * A version with its document.
 */
export type PolicyDetail = {
    equipment: string;
    version: number;
    digest: string;
    author: string;
    reason: string;
    made_at: string | null;
    policy: Policy;
};

/**
 * PolicyChange
 *
 * A new version: the whole document, and why. `actor` unless the header says it.
 */
export type PolicyChange = {
    policy: Policy;
    reason: string;
    actor?: string | null;
};

/**
 * PolicyPreviewRequest
 *
 * A draft and the history to try it on: event time [`from`, `to`), default the last hour; default all machines.
 */
export type PolicyPreviewRequest = {
    policy: Policy;
    from?: string | null;
    to?: string | null;
    machines?: Array<string> | null;
};

/**
 * PolicyPreview
 *
 * The draft against the policy in force on the same stored readings, both at the draft's prices.
 *
 * `failures` are those that verdicts and outcomes tell of: without any, bills are visits only. `within_budget`: no
 * shift of the range has more visits than the draft's budget. `log_hash` is that of the transitions under the draft.
 */
export type PolicyPreview = {
    equipment: string;
    digest: string;
    in_force: number;
    from: string;
    to: string;
    machines: number;
    readings: number;
    failures: number;
    currency: string;
    budget: Budget;
    within_budget: boolean;
    difference: HistoryDifference;
    modes: Array<ModeDifference>;
    transitions: number;
    log_hash: string;
};

/**
 * HistoryDifference
 *
 * What changes from the old history to the new one: counts of all, and up to 500 alarms of each kind in order.
 *
 * `same` are alarms that raise at the same instant in both. `lost_confirmed` counts the lost alarms that a verdict
 * had confirmed. `dearer` is how much more the new one costs; negative is a saving.
 */
export type HistoryDifference = {
    same: number;
    moved: number;
    gained: number;
    lost: number;
    lost_confirmed: number;
    old_bill: HistoryBill;
    new_bill: HistoryBill;
    dearer: number;
    gained_alarms: Array<HistoryAlarm>;
    lost_alarms: Array<HistoryAlarm>;
    moved_alarms: Array<MovedAlarm>;
};

/**
 * HistoryBill
 *
 * What a history costs: `money` = visits x price of a visit + missed x price of a failure nobody was warned of.
 *
 * A visit is a machine, a condition and a shift with a raise. `busiest` is the most visits that one shift had.
 */
export type HistoryBill = {
    visits: number;
    warned: number;
    missed: number;
    money: number;
    busiest: number;
};

/**
 * HistoryAlarm
 *
 * An alarm of one of the two histories. Only those of the live history can be looked up by their id.
 */
export type HistoryAlarm = {
    alarm_id: string;
    machine_id: string;
    mode: string;
    priority: number;
    raised_at: string;
    event_id: string;
    confirmed: boolean;
};

/**
 * MovedAlarm
 *
 * An alarm that both have, `later_s` seconds later in the new one; negative is earlier.
 */
export type MovedAlarm = {
    old: HistoryAlarm;
    new: HistoryAlarm;
    later_s: number;
};

/**
 * ModeDifference
 *
 * The same of one condition, without the alarms. A failure counts for its own mode: bills do not add up.
 */
export type ModeDifference = {
    mode: string;
    same: number;
    moved: number;
    gained: number;
    lost: number;
    lost_confirmed: number;
    old_bill: HistoryBill;
    new_bill: HistoryBill;
    dearer: number;
};

/**
 * ThresholdChoice
 *
 * What every threshold of one condition would have cost, and the cheapest one within the alarm budget.
 *
 * `basis` says where the numbers come from: verdicts and outcomes on the stored readings of [`from`, `to`); or the
 * training evaluation of the model, where a row stands for one machine and one shift; or nothing yet. Thresholds above
 * 1 mean "no alarm". `old_bill` and `new_bill` are those of the history run with the present and the chosen threshold,
 * all conditions together; null without a history. `proposal` is the policy with the chosen threshold.
 */
export type ThresholdChoice = {
    equipment: string;
    mode: string;
    basis: 'none' | 'training_evaluation' | 'validated_history';
    model: string | null;
    from: string | null;
    to: string | null;
    episodes: number;
    failures: number;
    currency: string;
    budget: Budget;
    present: Point | null;
    chosen: Point | null;
    curve: Array<Point>;
    old_bill: HistoryBill | null;
    new_bill: HistoryBill | null;
    proposal: Policy | null;
};

/**
 * Point
 *
 * What alarms at or above `threshold` would have meant. `busiest` is the most alarms that one shift had.
 *
 * `bill` = alarms x visit + missed x (cost of a failure nobody was warned of).
 */
export type Point = {
    threshold: number;
    alarms: number;
    hits: number;
    missed: number;
    bill: number;
    busiest: number;
    within_budget: boolean;
};

/**
 * ReplayRequest
 *
 * What to run again: event time [`from`, `to`) of the machines, default all of the equipment.
 *
 * `model`: digest or version of a model that inference can score with, see `/models`; default the stored scores.
 * `policy`: a draft; or `policy_version`; default the version in force. `actor` unless the header says it.
 */
export type ReplayRequest = {
    from: string;
    to: string;
    equipment?: string | null;
    machines?: Array<string> | null;
    model?: string | null;
    policy?: Policy | null;
    policy_version?: number | null;
    note?: string;
    actor?: string | null;
};

/**
 * ReplayItem
 *
 * A replay and how far it is. `progress` is 0 to 1; `published` and `scored` count readings of another model.
 *
 * `model` is null for the stored scores, `policy_version` null for a draft. `waits_for` says what keeps it waiting,
 * `error` why it failed.
 */
export type ReplayItem = {
    replay_id: string;
    equipment: string;
    state: 'cancelled' | 'done' | 'failed' | 'queued' | 'running';
    from: string;
    to: string;
    model: string | null;
    policy_version: number | null;
    policy_digest: string;
    note: string;
    asked_by: string;
    asked_at: string;
    changed_at: string;
    progress: number;
    machines: number;
    machines_done: number;
    readings: number;
    published: number;
    scored: number;
    waits_for: string | null;
    error: string | null;
    result: ReplayResult | null;
};

/**
 * ReplayResult
 *
 * Transitions of the replay and of the live history between its beginning and its end.
 *
 * Hashes are those of the canonical log: one line per transition, by machine and number. `equals_live` holds byte for
 * byte; else `first_difference` names the machine and the number of the first transition that is not the same.
 * `skipped_actions` are actions of people that found no alarm to act on.
 */
export type ReplayResult = {
    transitions: number;
    log_hash: string;
    live_transitions: number;
    live_log_hash: string;
    equals_live: boolean;
    first_difference: string | null;
    skipped_actions: number;
};

/**
 * ReplayPage
 *
 * A page of replays, the newest first.
 */
export type ReplayPage = {
    replays: Array<ReplayItem>;
    next_cursor: string | null;
};

/**
 * ReplayDiff
 *
 * The live alarms (old) against those of the replay (new), at the prices of the replay's policy.
 *
 * `failures` are those that verdicts and outcomes tell of by now. `is_complete`: the replay is done; else only what it
 * has run by now is compared.
 */
export type ReplayDiff = {
    replay_id: string;
    is_complete: boolean;
    failures: number;
    currency: string;
    difference: HistoryDifference;
    modes: Array<ModeDifference>;
};

/**
 * ModelList
 *
 * The models that inference says it can score with, the live one first.
 */
export type ModelList = {
    models: Array<ModelCard>;
};

/**
 * ModelCard
 *
 * A model that inference can score with. `is_live`: it scores the live readings.
 *
 * `evaluation` is that of the training, by condition: failure modes, `failure` and `anomaly`.
 */
export type ModelCard = {
    name: string;
    version: string;
    digest: string;
    equipment: string;
    is_live: boolean;
    trained_on: string;
    rows: number;
    created_at: string;
    evaluation: {
        [key: string]: Evaluation;
    };
};

/**
 * Evaluation
 *
 * How the score of one condition ranked `rows` labelled rows: (threshold, alarms, hits), from high to low.
 */
export type Evaluation = {
    rows: number;
    failures: number;
    points: Array<[
        number,
        number,
        number
    ]>;
};

/**
 * StreamEvents
 *
 * What the `data` of each event of the live stream holds, by the name of the event.
 */
export type StreamEvents = {
    hello: Hello;
    frame: Frame;
    assessment: Assessment;
    alarms: AlarmsChanged;
    resync: Resync;
};

/**
 * Hello
 *
 * Event `hello`: all machines. The first event of a stream, unless it resumes where the client stopped.
 *
 * A machine is known by its place in `machines` from here on, a failure mode by its place in `modes`. `server_time`:
 * milliseconds since 1970 UTC.
 */
export type Hello = {
    sequence: number;
    server_time: number;
    machines: Array<string>;
    modes: Array<string>;
    columns: Columns;
};

/**
 * Columns
 *
 * The newest word of machines, column by column, all of the same length.
 *
 * `probability`: of failure, in per mille; 0 and 1000 only where it is exactly 0 or 1. `condition`: bits 0 to 2 are
 * the state (0 live, 1 stale, 2 offline, 3 never seen, 4 cannot judge), bit 3 the prediction, bit 4 the anomaly, the
 * bits from 5 on the most likely failure mode: its place in `modes` of `hello` plus one, 0 where the probability
 * rounds to 0 %. `age`: how long before `server_time` it was observed, in tenths of a second. A machine without an
 * assessment has null in the columns other than `condition`.
 */
export type Columns = {
    probability: Array<number | null>;
    condition: Array<number>;
    age: Array<number | null>;
};

/**
 * Frame
 *
 * Event `frame`: the machines that changed since the frame before, at most ten times a second.
 *
 * `index` says which, by place; `new` adds machines after those known: pairs of place and machine id, and `new_modes`
 * adds failure modes. The columns have one value per `index`. Numbers (`sequence`) follow each other without a gap.
 */
export type Frame = {
    probability: Array<number | null>;
    condition: Array<number>;
    age: Array<number | null>;
    sequence: number;
    server_time: number;
    index: Array<number>;
    new?: Array<[
        number,
        string
    ]>;
    new_modes?: Array<string>;
};

/**
 * AlarmsChanged
 *
 * Event `alarms`: these alarms were raised, changed, ended, or got a verdict; `GET /alarms` says what they are now.
 *
 * It is not repeated to a client that resumes: ask for the alarms after each connection.
 */
export type AlarmsChanged = {
    alarms: Array<ChangedAlarm>;
};

/**
 * ChangedAlarm
 *
 * An alarm of which something has changed.
 */
export type ChangedAlarm = {
    alarm_id: string;
    machine_id: string;
};

/**
 * Resync
 *
 * Event `resync`: frames were lost, forget what you have; a `hello` follows at once.
 */
export type Resync = {
    reason: string;
};

/**
 * ProblemDocument
 *
 * The body of every error answer. `code` is stable and for programs, `detail` is for people.
 */
export type ProblemDocument = {
    type: string;
    title: string;
    status: number;
    detail: string;
    code: string;
    trace_id: string;
    errors?: Array<FieldError>;
};

/**
 * FieldError
 *
 * What is wrong at one place. `pointer` is a JSON pointer, `suggested` the value in the right unit.
 */
export type FieldError = {
    pointer: string;
    detail: string;
    code?: string | null;
    suggested?: number | null;
};

export type ListMachinesGatewayMachinesGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * State
         *
         * Only machines in this state, or at risk
         */
        state?: 'live' | 'stale' | 'offline' | 'never_seen' | 'cannot_judge' | 'at_risk' | null;
        /**
         * Line
         *
         * Only this line
         */
        line?: string | null;
        /**
         * Q
         *
         * Text in id or line
         */
        q?: string | null;
        /**
         * Order; a minus turns it round
         */
        sort?: Sort;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
    };
    url: '/gateway/machines';
};

export type ListMachinesGatewayMachinesGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListMachinesGatewayMachinesGetError = ListMachinesGatewayMachinesGetErrors[keyof ListMachinesGatewayMachinesGetErrors];

export type ListMachinesGatewayMachinesGetResponses = {
    /**
     * A page of machines. `counts` are over all states, under the same line and text; `total` is of this list.
     */
    200: MachineList;
};

export type ListMachinesGatewayMachinesGetResponse = ListMachinesGatewayMachinesGetResponses[keyof ListMachinesGatewayMachinesGetResponses];

export type GetMachineGatewayMachinesMachineIdGetData = {
    body?: never;
    path: {
        /**
         * Machine Id
         */
        machine_id: string;
    };
    query?: never;
    url: '/gateway/machines/{machine_id}';
};

export type GetMachineGatewayMachinesMachineIdGetErrors = {
    /**
     * Unknown machine
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetMachineGatewayMachinesMachineIdGetError = GetMachineGatewayMachinesMachineIdGetErrors[keyof GetMachineGatewayMachinesMachineIdGetErrors];

export type GetMachineGatewayMachinesMachineIdGetResponses = {
    /**
     * A machine with its newest assessment whole, and how much is kept of it.
     */
    200: MachineDetail;
};

export type GetMachineGatewayMachinesMachineIdGetResponse = GetMachineGatewayMachinesMachineIdGetResponses[keyof GetMachineGatewayMachinesMachineIdGetResponses];

export type PutMachineGatewayMachinesMachineIdPutData = {
    body: MachineFacts;
    path: {
        /**
         * Machine Id
         */
        machine_id: string;
    };
    query?: never;
    url: '/gateway/machines/{machine_id}';
};

export type PutMachineGatewayMachinesMachineIdPutErrors = {
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type PutMachineGatewayMachinesMachineIdPutError = PutMachineGatewayMachinesMachineIdPutErrors[keyof PutMachineGatewayMachinesMachineIdPutErrors];

export type PutMachineGatewayMachinesMachineIdPutResponses = {
    /**
     * A machine with its newest assessment whole, and how much is kept of it.
     */
    200: MachineDetail;
    /**
     * A machine with its newest assessment whole, and how much is kept of it.
     */
    201: MachineDetail;
};

export type PutMachineGatewayMachinesMachineIdPutResponse = PutMachineGatewayMachinesMachineIdPutResponses[keyof PutMachineGatewayMachinesMachineIdPutResponses];

export type TimelineGatewayMachinesMachineIdTimelineGetData = {
    body?: never;
    path: {
        /**
         * Machine Id
         */
        machine_id: string;
    };
    query?: {
        /**
         * From
         *
         * Default: an hour before `to`
         */
        from?: string | null;
        /**
         * To
         *
         * Default: now
         */
        to?: string | null;
        /**
         * Max Points
         */
        max_points?: number;
    };
    url: '/gateway/machines/{machine_id}/timeline';
};

export type TimelineGatewayMachinesMachineIdTimelineGetErrors = {
    /**
     * Unknown machine
     */
    404: ProblemDocument;
    /**
     * Range cannot be answered
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type TimelineGatewayMachinesMachineIdTimelineGetError = TimelineGatewayMachinesMachineIdTimelineGetErrors[keyof TimelineGatewayMachinesMachineIdTimelineGetErrors];

export type TimelineGatewayMachinesMachineIdTimelineGetResponses = {
    /**
     * A time range of one machine, column by column; every column has `points` values.
     */
    200: Timeline;
};

export type TimelineGatewayMachinesMachineIdTimelineGetResponse = TimelineGatewayMachinesMachineIdTimelineGetResponses[keyof TimelineGatewayMachinesMachineIdTimelineGetResponses];

export type ListAssessmentsGatewayMachinesMachineIdAssessmentsGetData = {
    body?: never;
    path: {
        /**
         * Machine Id
         */
        machine_id: string;
    };
    query?: {
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
    };
    url: '/gateway/machines/{machine_id}/assessments';
};

export type ListAssessmentsGatewayMachinesMachineIdAssessmentsGetErrors = {
    /**
     * Unknown machine
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListAssessmentsGatewayMachinesMachineIdAssessmentsGetError = ListAssessmentsGatewayMachinesMachineIdAssessmentsGetErrors[keyof ListAssessmentsGatewayMachinesMachineIdAssessmentsGetErrors];

export type ListAssessmentsGatewayMachinesMachineIdAssessmentsGetResponses = {
    /**
     * Stored assessments of a machine, newest first.
     */
    200: AssessmentPage;
};

export type ListAssessmentsGatewayMachinesMachineIdAssessmentsGetResponse = ListAssessmentsGatewayMachinesMachineIdAssessmentsGetResponses[keyof ListAssessmentsGatewayMachinesMachineIdAssessmentsGetResponses];

export type RecentGatewaySignalsEquipmentGetData = {
    body?: never;
    path: {
        /**
         * Equipment
         */
        equipment: string;
    };
    query?: {
        /**
         * Hours
         *
         * How far back
         */
        hours?: number;
        /**
         * Limit
         *
         * About how many readings at most
         */
        limit?: number;
    };
    url: '/gateway/signals/{equipment}';
};

export type RecentGatewaySignalsEquipmentGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type RecentGatewaySignalsEquipmentGetError = RecentGatewaySignalsEquipmentGetErrors[keyof RecentGatewaySignalsEquipmentGetErrors];

export type RecentGatewaySignalsEquipmentGetResponses = {
    /**
     * Readings of all machines of an equipment, column by column; every column has `readings` values.
     */
    200: RecentSignals;
};

export type RecentGatewaySignalsEquipmentGetResponse = RecentGatewaySignalsEquipmentGetResponses[keyof RecentGatewaySignalsEquipmentGetResponses];

export type DataHealthGatewayDataHealthGetData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/gateway/data-health';
};

export type DataHealthGatewayDataHealthGetErrors = {
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type DataHealthGatewayDataHealthGetError = DataHealthGatewayDataHealthGetErrors[keyof DataHealthGatewayDataHealthGetErrors];

export type DataHealthGatewayDataHealthGetResponses = {
    /**
     * What the gateway can see of the flow of data: in its topics, its store and its machines.
     */
    200: DataHealth;
};

export type DataHealthGatewayDataHealthGetResponse = DataHealthGatewayDataHealthGetResponses[keyof DataHealthGatewayDataHealthGetResponses];

export type StreamGatewayStreamGetData = {
    body?: never;
    headers?: {
        /**
         * Last-Event-Id
         *
         * Resume after this event
         */
        'last-event-id'?: string | null;
    };
    path?: never;
    query?: {
        /**
         * Machine
         *
         * Also send this machine whole
         */
        machine?: string | null;
    };
    url: '/gateway/stream';
};

export type StreamGatewayStreamGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Too many clients
     */
    503: ProblemDocument;
};

export type StreamGatewayStreamGetError = StreamGatewayStreamGetErrors[keyof StreamGatewayStreamGetErrors];

export type StreamGatewayStreamGetResponses = {
    /**
     * What the `data` of each event of the live stream holds, by the name of the event.
     */
    200: StreamEvents;
};

export type StreamGatewayStreamGetResponse = StreamGatewayStreamGetResponses[keyof StreamGatewayStreamGetResponses];

export type ListDeadLettersGatewayDeadLettersGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Code
         *
         * Only this reason
         */
        code?: string | null;
        /**
         * Machine
         */
        machine?: string | null;
        /**
         * Service
         *
         * Who refused
         */
        service?: string | null;
        /**
         * Status
         *
         * What became of it
         */
        status?: 'open' | 'redriven' | 'stored' | 'dead_again' | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
    };
    url: '/gateway/dead-letters';
};

export type ListDeadLettersGatewayDeadLettersGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListDeadLettersGatewayDeadLettersGetError = ListDeadLettersGatewayDeadLettersGetErrors[keyof ListDeadLettersGatewayDeadLettersGetErrors];

export type ListDeadLettersGatewayDeadLettersGetResponses = {
    /**
     * Dead letters, the newest refusal first.
     */
    200: DeadLetterPage;
};

export type ListDeadLettersGatewayDeadLettersGetResponse = ListDeadLettersGatewayDeadLettersGetResponses[keyof ListDeadLettersGatewayDeadLettersGetResponses];

export type RedriveGatewayDeadLettersRedrivePostData = {
    body: RedriveRequest;
    headers?: {
        /**
         * Chosen by the client; the same request under the same key publishes once
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/gateway/dead-letters/redrive';
};

export type RedriveGatewayDeadLettersRedrivePostErrors = {
    /**
     * Idempotency-Key reused
     */
    409: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Log unavailable
     */
    503: ProblemDocument;
};

export type RedriveGatewayDeadLettersRedrivePostError = RedriveGatewayDeadLettersRedrivePostErrors[keyof RedriveGatewayDeadLettersRedrivePostErrors];

export type RedriveGatewayDeadLettersRedrivePostResponses = {
    /**
     * What one request did. The same `Idempotency-Key` gets this answer again, and nothing is published twice.
     */
    202: RedriveAnswer;
};

export type RedriveGatewayDeadLettersRedrivePostResponse = RedriveGatewayDeadLettersRedrivePostResponses[keyof RedriveGatewayDeadLettersRedrivePostResponses];

export type GetDeadLetterGatewayDeadLettersLetterIdGetData = {
    body?: never;
    path: {
        /**
         * Letter Id
         */
        letter_id: string;
    };
    query?: never;
    url: '/gateway/dead-letters/{letter_id}';
};

export type GetDeadLetterGatewayDeadLettersLetterIdGetErrors = {
    /**
     * Unknown dead letter
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetDeadLetterGatewayDeadLettersLetterIdGetError = GetDeadLetterGatewayDeadLettersLetterIdGetErrors[keyof GetDeadLetterGatewayDeadLettersLetterIdGetErrors];

export type GetDeadLetterGatewayDeadLettersLetterIdGetResponses = {
    /**
     * A refused record whole: up to 64 KiB of its bytes, its key and its headers.
     */
    200: DeadLetterDetail;
};

export type GetDeadLetterGatewayDeadLettersLetterIdGetResponse = GetDeadLetterGatewayDeadLettersLetterIdGetResponses[keyof GetDeadLetterGatewayDeadLettersLetterIdGetResponses];

export type RedriveOneGatewayDeadLettersLetterIdRedrivePostData = {
    body?: never;
    headers?: {
        /**
         * Chosen by the client; the same request under the same key publishes once
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * Letter Id
         */
        letter_id: string;
    };
    query?: never;
    url: '/gateway/dead-letters/{letter_id}/redrive';
};

export type RedriveOneGatewayDeadLettersLetterIdRedrivePostErrors = {
    /**
     * Unknown dead letter
     */
    404: ProblemDocument;
    /**
     * Idempotency-Key reused
     */
    409: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Log unavailable
     */
    503: ProblemDocument;
};

export type RedriveOneGatewayDeadLettersLetterIdRedrivePostError = RedriveOneGatewayDeadLettersLetterIdRedrivePostErrors[keyof RedriveOneGatewayDeadLettersLetterIdRedrivePostErrors];

export type RedriveOneGatewayDeadLettersLetterIdRedrivePostResponses = {
    /**
     * What one request did. The same `Idempotency-Key` gets this answer again, and nothing is published twice.
     */
    202: RedriveAnswer;
};

export type RedriveOneGatewayDeadLettersLetterIdRedrivePostResponse = RedriveOneGatewayDeadLettersLetterIdRedrivePostResponses[keyof RedriveOneGatewayDeadLettersLetterIdRedrivePostResponses];

export type GetRateGatewayAlarmsRateGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Equipment
         */
        equipment?: string | null;
        /**
         * Days
         *
         * How far back
         */
        days?: number;
    };
    url: '/gateway/alarms/rate';
};

export type GetRateGatewayAlarmsRateGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetRateGatewayAlarmsRateGetError = GetRateGatewayAlarmsRateGetErrors[keyof GetRateGatewayAlarmsRateGetErrors];

export type GetRateGatewayAlarmsRateGetResponses = {
    /**
     * Alarms of an equipment that nothing hid: `windows` are those of each 24 hours from `from` on, the last ends now.
     */
    200: AlarmRate;
};

export type GetRateGatewayAlarmsRateGetResponse = GetRateGatewayAlarmsRateGetResponses[keyof GetRateGatewayAlarmsRateGetResponses];

export type ListAlarmsGatewayAlarmsGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Open
         *
         * Open or over
         */
        open?: 'yes' | 'no' | 'any';
        /**
         * State
         */
        state?: 'unacknowledged' | 'acknowledged' | 'returned_unacknowledged' | 'normal' | null;
        /**
         * Priority
         */
        priority?: number | null;
        /**
         * Machine
         */
        machine?: string | null;
        /**
         * Mode
         */
        mode?: string | null;
        /**
         * Overlay
         *
         * `none`: only alarms that nothing hides
         */
        overlay?: 'none' | 'shelved' | 'suppressed' | 'out_of_service' | null;
        /**
         * Sort
         *
         * Most urgent or newest first
         */
        sort?: 'rank' | 'raised';
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
    };
    url: '/gateway/alarms';
};

export type ListAlarmsGatewayAlarmsGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListAlarmsGatewayAlarmsGetError = ListAlarmsGatewayAlarmsGetErrors[keyof ListAlarmsGatewayAlarmsGetErrors];

export type ListAlarmsGatewayAlarmsGetResponses = {
    /**
     * A page of alarms. `counts` are the open ones of the same machine and condition, whatever else was asked.
     */
    200: AlarmPage;
};

export type ListAlarmsGatewayAlarmsGetResponse = ListAlarmsGatewayAlarmsGetResponses[keyof ListAlarmsGatewayAlarmsGetResponses];

export type AlarmLoadGatewayAlarmsLoadGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * From
         *
         * Default: a day before `to`
         */
        from?: string | null;
        /**
         * To
         *
         * Default: now
         */
        to?: string | null;
        /**
         * Operators
         */
        operators?: number;
    };
    url: '/gateway/alarms/load';
};

export type AlarmLoadGatewayAlarmsLoadGetErrors = {
    /**
     * Range cannot be answered
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type AlarmLoadGatewayAlarmsLoadGetError = AlarmLoadGatewayAlarmsLoadGetErrors[keyof AlarmLoadGatewayAlarmsLoadGetErrors];

export type AlarmLoadGatewayAlarmsLoadGetResponses = {
    /**
     * Alarms shown to operators in [`from`, `to`); rates are per ten minutes and operator, against the EEMUA target.
     */
    200: AlarmLoad;
};

export type AlarmLoadGatewayAlarmsLoadGetResponse = AlarmLoadGatewayAlarmsLoadGetResponses[keyof AlarmLoadGatewayAlarmsLoadGetResponses];

export type GetAlarmGatewayAlarmsAlarmIdGetData = {
    body?: never;
    path: {
        /**
         * Alarm Id
         */
        alarm_id: string;
    };
    query?: never;
    url: '/gateway/alarms/{alarm_id}';
};

export type GetAlarmGatewayAlarmsAlarmIdGetErrors = {
    /**
     * Unknown alarm
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetAlarmGatewayAlarmsAlarmIdGetError = GetAlarmGatewayAlarmsAlarmIdGetErrors[keyof GetAlarmGatewayAlarmsAlarmIdGetErrors];

export type GetAlarmGatewayAlarmsAlarmIdGetResponses = {
    /**
     * An alarm whole: its newest 500 transitions in order, the assessment that raised it, and what to do.
     */
    200: AlarmDetail;
};

export type GetAlarmGatewayAlarmsAlarmIdGetResponse = GetAlarmGatewayAlarmsAlarmIdGetResponses[keyof GetAlarmGatewayAlarmsAlarmIdGetResponses];

export type GetRecordGatewayAlarmsAlarmIdRecordGetData = {
    body?: never;
    path: {
        /**
         * Alarm Id
         */
        alarm_id: string;
    };
    query?: never;
    url: '/gateway/alarms/{alarm_id}/record';
};

export type GetRecordGatewayAlarmsAlarmIdRecordGetErrors = {
    /**
     * No decision record
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetRecordGatewayAlarmsAlarmIdRecordGetError = GetRecordGatewayAlarmsAlarmIdRecordGetErrors[keyof GetRecordGatewayAlarmsAlarmIdRecordGetErrors];

export type GetRecordGatewayAlarmsAlarmIdRecordGetResponses = {
    /**
     * Everything that decided about one alarm.
     */
    200: DecisionRecord;
};

export type GetRecordGatewayAlarmsAlarmIdRecordGetResponse = GetRecordGatewayAlarmsAlarmIdRecordGetResponses[keyof GetRecordGatewayAlarmsAlarmIdRecordGetResponses];

export type GiveVerdictGatewayAlarmsAlarmIdVerdictPostData = {
    body: VerdictRequest;
    headers?: {
        /**
         * Who acts, as claimed; the field `actor` of the body says the same
         */
        actor?: string;
    };
    path: {
        /**
         * Alarm Id
         */
        alarm_id: string;
    };
    query?: never;
    url: '/gateway/alarms/{alarm_id}/verdict';
};

export type GiveVerdictGatewayAlarmsAlarmIdVerdictPostErrors = {
    /**
     * Unknown alarm
     */
    404: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GiveVerdictGatewayAlarmsAlarmIdVerdictPostError = GiveVerdictGatewayAlarmsAlarmIdVerdictPostErrors[keyof GiveVerdictGatewayAlarmsAlarmIdVerdictPostErrors];

export type GiveVerdictGatewayAlarmsAlarmIdVerdictPostResponses = {
    /**
     * An alarm whole: its newest 500 transitions in order, the assessment that raised it, and what to do.
     */
    200: AlarmDetail;
};

export type GiveVerdictGatewayAlarmsAlarmIdVerdictPostResponse = GiveVerdictGatewayAlarmsAlarmIdVerdictPostResponses[keyof GiveVerdictGatewayAlarmsAlarmIdVerdictPostResponses];

export type TellOutcomeGatewayOutcomesPostData = {
    body: OutcomeRequest;
    headers?: {
        /**
         * Chosen by the client; the same failure under the same key is stored once
         */
        'Idempotency-Key'?: string;
        /**
         * Who acts, as claimed; the field `actor` of the body says the same
         */
        actor?: string;
    };
    path?: never;
    query?: never;
    url: '/gateway/outcomes';
};

export type TellOutcomeGatewayOutcomesPostErrors = {
    /**
     * Unknown machine
     */
    404: ProblemDocument;
    /**
     * Idempotency-Key reused
     */
    409: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type TellOutcomeGatewayOutcomesPostError = TellOutcomeGatewayOutcomesPostErrors[keyof TellOutcomeGatewayOutcomesPostErrors];

export type TellOutcomeGatewayOutcomesPostResponses = {
    /**
     * A failure that no alarm announced, as it is stored.
     */
    200: OutcomeView;
    /**
     * A failure that no alarm announced, as it is stored.
     */
    201: OutcomeView;
};

export type TellOutcomeGatewayOutcomesPostResponse = TellOutcomeGatewayOutcomesPostResponses[keyof TellOutcomeGatewayOutcomesPostResponses];

export type GetTrackRecordGatewayTrackRecordGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * By
         *
         * What tells groups apart
         */
        by?: Array<'mode' | 'machine_class' | 'version'> | null;
        /**
         * Equipment
         */
        equipment?: string | null;
    };
    url: '/gateway/track-record';
};

export type GetTrackRecordGatewayTrackRecordGetErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetTrackRecordGatewayTrackRecordGetError = GetTrackRecordGatewayTrackRecordGetErrors[keyof GetTrackRecordGatewayTrackRecordGetErrors];

export type GetTrackRecordGatewayTrackRecordGetResponses = {
    /**
     * The track record of an equipment by group, the most judged first, and over all.
     */
    200: TrackRecordList;
};

export type GetTrackRecordGatewayTrackRecordGetResponse = GetTrackRecordGatewayTrackRecordGetResponses[keyof GetTrackRecordGatewayTrackRecordGetResponses];

export type ActGatewayAlarmsAlarmIdActionPostData = {
    body: AlarmAction;
    headers?: {
        /**
         * The `ETag` of what was seen; without it the answer is 428
         */
        'If-Match'?: string;
        /**
         * Who acts, as claimed; the field `actor` of the body says the same
         */
        actor?: string;
    };
    path: {
        /**
         * Alarm Id
         */
        alarm_id: string;
        /**
         * Action
         *
         * What to do
         */
        action: 'ack' | 'shelve' | 'unshelve' | 'assign' | 'note' | 'close' | 'suppress' | 'unsuppress' | 'out-of-service' | 'return-to-service';
    };
    query?: never;
    url: '/gateway/alarms/{alarm_id}/{action}';
};

export type ActGatewayAlarmsAlarmIdActionPostErrors = {
    /**
     * Unknown alarm
     */
    404: ProblemDocument;
    /**
     * Alarm has changed
     */
    409: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * If-Match required
     */
    428: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ActGatewayAlarmsAlarmIdActionPostError = ActGatewayAlarmsAlarmIdActionPostErrors[keyof ActGatewayAlarmsAlarmIdActionPostErrors];

export type ActGatewayAlarmsAlarmIdActionPostResponses = {
    /**
     * An alarm whole: its newest 500 transitions in order, the assessment that raised it, and what to do.
     */
    200: AlarmDetail;
};

export type ActGatewayAlarmsAlarmIdActionPostResponse = ActGatewayAlarmsAlarmIdActionPostResponses[keyof ActGatewayAlarmsAlarmIdActionPostResponses];

export type ListDeliveriesGatewayWebhooksDeliveriesGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Status
         */
        status?: 'pending' | 'delivered' | 'dead' | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
    };
    url: '/gateway/webhooks/deliveries';
};

export type ListDeliveriesGatewayWebhooksDeliveriesGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListDeliveriesGatewayWebhooksDeliveriesGetError = ListDeliveriesGatewayWebhooksDeliveriesGetErrors[keyof ListDeliveriesGatewayWebhooksDeliveriesGetErrors];

export type ListDeliveriesGatewayWebhooksDeliveriesGetResponses = {
    /**
     * Messages, the newest first. `configured`: a receiver is set; `counts` are all messages by status.
     */
    200: WebhookPage;
};

export type ListDeliveriesGatewayWebhooksDeliveriesGetResponse = ListDeliveriesGatewayWebhooksDeliveriesGetResponses[keyof ListDeliveriesGatewayWebhooksDeliveriesGetResponses];

export type RetryGatewayWebhooksDeliveriesMessageIdRetryPostData = {
    body?: never;
    path: {
        /**
         * Message Id
         */
        message_id: string;
    };
    query?: never;
    url: '/gateway/webhooks/deliveries/{message_id}/retry';
};

export type RetryGatewayWebhooksDeliveriesMessageIdRetryPostErrors = {
    /**
     * Unknown message
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type RetryGatewayWebhooksDeliveriesMessageIdRetryPostError = RetryGatewayWebhooksDeliveriesMessageIdRetryPostErrors[keyof RetryGatewayWebhooksDeliveriesMessageIdRetryPostErrors];

export type RetryGatewayWebhooksDeliveriesMessageIdRetryPostResponses = {
    /**
     * A message about an alarm. `message_id` is the same at every attempt; `answer` is the last one's HTTP status.
     */
    200: WebhookDelivery;
};

export type RetryGatewayWebhooksDeliveriesMessageIdRetryPostResponse = RetryGatewayWebhooksDeliveriesMessageIdRetryPostResponses[keyof RetryGatewayWebhooksDeliveriesMessageIdRetryPostResponses];

export type TakeReportGatewayWebhooksWorkOrdersPostData = {
    body: WorkOrderReport;
    headers: {
        /**
         * Chosen by the sender; the same message again brings no second verdict
         */
        'webhook-id': string;
        /**
         * Seconds since 1970, within 5 minutes of now
         */
        'webhook-timestamp': string;
        /**
         * `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` under the shared secret
         */
        'webhook-signature': string;
    };
    path?: never;
    query?: never;
    url: '/gateway/webhooks/work-orders';
};

export type TakeReportGatewayWebhooksWorkOrdersPostErrors = {
    /**
     * Message not signed
     */
    401: ProblemDocument;
    /**
     * Unknown alarm
     */
    404: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type TakeReportGatewayWebhooksWorkOrdersPostError = TakeReportGatewayWebhooksWorkOrdersPostErrors[keyof TakeReportGatewayWebhooksWorkOrdersPostErrors];

export type TakeReportGatewayWebhooksWorkOrdersPostResponses = {
    /**
     * The verdict that counts.
     */
    200: VerdictView;
};

export type TakeReportGatewayWebhooksWorkOrdersPostResponse = TakeReportGatewayWebhooksWorkOrdersPostResponses[keyof TakeReportGatewayWebhooksWorkOrdersPostResponses];

export type ListPoliciesGatewayPoliciesGetData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/gateway/policies';
};

export type ListPoliciesGatewayPoliciesGetErrors = {
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListPoliciesGatewayPoliciesGetError = ListPoliciesGatewayPoliciesGetErrors[keyof ListPoliciesGatewayPoliciesGetErrors];

export type ListPoliciesGatewayPoliciesGetResponses = {
    /**
     * The policies in force, by equipment.
     */
    200: PolicyList;
};

export type ListPoliciesGatewayPoliciesGetResponse = ListPoliciesGatewayPoliciesGetResponses[keyof ListPoliciesGatewayPoliciesGetResponses];

export type GetPolicyGatewayPoliciesEquipmentGetData = {
    body?: never;
    path: {
        /**
         * Equipment
         */
        equipment: string;
    };
    query?: never;
    url: '/gateway/policies/{equipment}';
};

export type GetPolicyGatewayPoliciesEquipmentGetErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetPolicyGatewayPoliciesEquipmentGetError = GetPolicyGatewayPoliciesEquipmentGetErrors[keyof GetPolicyGatewayPoliciesEquipmentGetErrors];

export type GetPolicyGatewayPoliciesEquipmentGetResponses = {
    /**
     * A version with its document.
     */
    200: PolicyDetail;
};

export type GetPolicyGatewayPoliciesEquipmentGetResponse = GetPolicyGatewayPoliciesEquipmentGetResponses[keyof GetPolicyGatewayPoliciesEquipmentGetResponses];

export type PutPolicyGatewayPoliciesEquipmentPutData = {
    body: PolicyChange;
    headers?: {
        /**
         * The `ETag` of what was seen; without it the answer is 428
         */
        'If-Match'?: string;
        /**
         * Who acts, as claimed; the field `actor` of the body says the same
         */
        actor?: string;
    };
    path: {
        /**
         * Equipment
         */
        equipment: string;
    };
    query?: never;
    url: '/gateway/policies/{equipment}';
};

export type PutPolicyGatewayPoliciesEquipmentPutErrors = {
    /**
     * Policy has changed
     */
    409: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * If-Match required
     */
    428: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type PutPolicyGatewayPoliciesEquipmentPutError = PutPolicyGatewayPoliciesEquipmentPutErrors[keyof PutPolicyGatewayPoliciesEquipmentPutErrors];

export type PutPolicyGatewayPoliciesEquipmentPutResponses = {
    /**
     * A version with its document.
     */
    201: PolicyDetail;
};

export type PutPolicyGatewayPoliciesEquipmentPutResponse = PutPolicyGatewayPoliciesEquipmentPutResponses[keyof PutPolicyGatewayPoliciesEquipmentPutResponses];

export type ListVersionsGatewayPoliciesEquipmentVersionsGetData = {
    body?: never;
    path: {
        /**
         * Equipment
         */
        equipment: string;
    };
    query?: {
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/gateway/policies/{equipment}/versions';
};

export type ListVersionsGatewayPoliciesEquipmentVersionsGetErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListVersionsGatewayPoliciesEquipmentVersionsGetError = ListVersionsGatewayPoliciesEquipmentVersionsGetErrors[keyof ListVersionsGatewayPoliciesEquipmentVersionsGetErrors];

export type ListVersionsGatewayPoliciesEquipmentVersionsGetResponses = {
    /**
     * The versions of a policy, the newest first; that one is in force.
     */
    200: PolicyVersions;
};

export type ListVersionsGatewayPoliciesEquipmentVersionsGetResponse = ListVersionsGatewayPoliciesEquipmentVersionsGetResponses[keyof ListVersionsGatewayPoliciesEquipmentVersionsGetResponses];

export type GetVersionGatewayPoliciesEquipmentVersionsVersionGetData = {
    body?: never;
    path: {
        /**
         * Equipment
         */
        equipment: string;
        /**
         * Version
         */
        version: number;
    };
    query?: never;
    url: '/gateway/policies/{equipment}/versions/{version}';
};

export type GetVersionGatewayPoliciesEquipmentVersionsVersionGetErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetVersionGatewayPoliciesEquipmentVersionsVersionGetError = GetVersionGatewayPoliciesEquipmentVersionsVersionGetErrors[keyof GetVersionGatewayPoliciesEquipmentVersionsVersionGetErrors];

export type GetVersionGatewayPoliciesEquipmentVersionsVersionGetResponses = {
    /**
     * A version with its document.
     */
    200: PolicyDetail;
};

export type GetVersionGatewayPoliciesEquipmentVersionsVersionGetResponse = GetVersionGatewayPoliciesEquipmentVersionsVersionGetResponses[keyof GetVersionGatewayPoliciesEquipmentVersionsVersionGetResponses];

export type PreviewPolicyGatewayPoliciesEquipmentPreviewPostData = {
    body: PolicyPreviewRequest;
    path: {
        /**
         * Equipment
         */
        equipment: string;
    };
    query?: never;
    url: '/gateway/policies/{equipment}/preview';
};

export type PreviewPolicyGatewayPoliciesEquipmentPreviewPostErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Range cannot be answered
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type PreviewPolicyGatewayPoliciesEquipmentPreviewPostError = PreviewPolicyGatewayPoliciesEquipmentPreviewPostErrors[keyof PreviewPolicyGatewayPoliciesEquipmentPreviewPostErrors];

export type PreviewPolicyGatewayPoliciesEquipmentPreviewPostResponses = {
    /**
     * The draft against the policy in force on the same stored readings, both at the draft's prices.
     */
    200: PolicyPreview;
};

export type PreviewPolicyGatewayPoliciesEquipmentPreviewPostResponse = PreviewPolicyGatewayPoliciesEquipmentPreviewPostResponses[keyof PreviewPolicyGatewayPoliciesEquipmentPreviewPostResponses];

export type GetThresholdGatewayPoliciesEquipmentThresholdsModeGetData = {
    body?: never;
    path: {
        /**
         * Equipment
         */
        equipment: string;
        /**
         * Mode
         */
        mode: string;
    };
    query?: {
        /**
         * From
         *
         * Default: an hour before `to`
         */
        from?: string | null;
        /**
         * To
         *
         * Default: now
         */
        to?: string | null;
    };
    url: '/gateway/policies/{equipment}/thresholds/{mode}';
};

export type GetThresholdGatewayPoliciesEquipmentThresholdsModeGetErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Range cannot be answered
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetThresholdGatewayPoliciesEquipmentThresholdsModeGetError = GetThresholdGatewayPoliciesEquipmentThresholdsModeGetErrors[keyof GetThresholdGatewayPoliciesEquipmentThresholdsModeGetErrors];

export type GetThresholdGatewayPoliciesEquipmentThresholdsModeGetResponses = {
    /**
     * What every threshold of one condition would have cost, and the cheapest one within the alarm budget.
     */
    200: ThresholdChoice;
};

export type GetThresholdGatewayPoliciesEquipmentThresholdsModeGetResponse = GetThresholdGatewayPoliciesEquipmentThresholdsModeGetResponses[keyof GetThresholdGatewayPoliciesEquipmentThresholdsModeGetResponses];

export type ListReplaysGatewayReplaysGetData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
    };
    url: '/gateway/replays';
};

export type ListReplaysGatewayReplaysGetErrors = {
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListReplaysGatewayReplaysGetError = ListReplaysGatewayReplaysGetErrors[keyof ListReplaysGatewayReplaysGetErrors];

export type ListReplaysGatewayReplaysGetResponses = {
    /**
     * A page of replays, the newest first.
     */
    200: ReplayPage;
};

export type ListReplaysGatewayReplaysGetResponse = ListReplaysGatewayReplaysGetResponses[keyof ListReplaysGatewayReplaysGetResponses];

export type AskReplayGatewayReplaysPostData = {
    body: ReplayRequest;
    headers?: {
        /**
         * Who acts, as claimed; the field `actor` of the body says the same
         */
        actor?: string;
    };
    path?: never;
    query?: never;
    url: '/gateway/replays';
};

export type AskReplayGatewayReplaysPostErrors = {
    /**
     * Unknown policy
     */
    404: ProblemDocument;
    /**
     * Replay is in another state
     */
    409: ProblemDocument;
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Unknown model
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type AskReplayGatewayReplaysPostError = AskReplayGatewayReplaysPostErrors[keyof AskReplayGatewayReplaysPostErrors];

export type AskReplayGatewayReplaysPostResponses = {
    /**
     * A replay and how far it is. `progress` is 0 to 1; `published` and `scored` count readings of another model.
     */
    202: ReplayItem;
};

export type AskReplayGatewayReplaysPostResponse = AskReplayGatewayReplaysPostResponses[keyof AskReplayGatewayReplaysPostResponses];

export type GetReplayGatewayReplaysReplayIdGetData = {
    body?: never;
    path: {
        /**
         * Replay Id
         */
        replay_id: string;
    };
    query?: never;
    url: '/gateway/replays/{replay_id}';
};

export type GetReplayGatewayReplaysReplayIdGetErrors = {
    /**
     * Unknown replay
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetReplayGatewayReplaysReplayIdGetError = GetReplayGatewayReplaysReplayIdGetErrors[keyof GetReplayGatewayReplaysReplayIdGetErrors];

export type GetReplayGatewayReplaysReplayIdGetResponses = {
    /**
     * A replay and how far it is. `progress` is 0 to 1; `published` and `scored` count readings of another model.
     */
    200: ReplayItem;
};

export type GetReplayGatewayReplaysReplayIdGetResponse = GetReplayGatewayReplaysReplayIdGetResponses[keyof GetReplayGatewayReplaysReplayIdGetResponses];

export type CancelReplayGatewayReplaysReplayIdCancelPostData = {
    body?: never;
    path: {
        /**
         * Replay Id
         */
        replay_id: string;
    };
    query?: never;
    url: '/gateway/replays/{replay_id}/cancel';
};

export type CancelReplayGatewayReplaysReplayIdCancelPostErrors = {
    /**
     * Unknown replay
     */
    404: ProblemDocument;
    /**
     * Replay is in another state
     */
    409: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type CancelReplayGatewayReplaysReplayIdCancelPostError = CancelReplayGatewayReplaysReplayIdCancelPostErrors[keyof CancelReplayGatewayReplaysReplayIdCancelPostErrors];

export type CancelReplayGatewayReplaysReplayIdCancelPostResponses = {
    /**
     * A replay and how far it is. `progress` is 0 to 1; `published` and `scored` count readings of another model.
     */
    200: ReplayItem;
};

export type CancelReplayGatewayReplaysReplayIdCancelPostResponse = CancelReplayGatewayReplaysReplayIdCancelPostResponses[keyof CancelReplayGatewayReplaysReplayIdCancelPostResponses];

export type ResumeReplayGatewayReplaysReplayIdResumePostData = {
    body?: never;
    path: {
        /**
         * Replay Id
         */
        replay_id: string;
    };
    query?: never;
    url: '/gateway/replays/{replay_id}/resume';
};

export type ResumeReplayGatewayReplaysReplayIdResumePostErrors = {
    /**
     * Unknown replay
     */
    404: ProblemDocument;
    /**
     * Replay is in another state
     */
    409: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ResumeReplayGatewayReplaysReplayIdResumePostError = ResumeReplayGatewayReplaysReplayIdResumePostErrors[keyof ResumeReplayGatewayReplaysReplayIdResumePostErrors];

export type ResumeReplayGatewayReplaysReplayIdResumePostResponses = {
    /**
     * A replay and how far it is. `progress` is 0 to 1; `published` and `scored` count readings of another model.
     */
    200: ReplayItem;
};

export type ResumeReplayGatewayReplaysReplayIdResumePostResponse = ResumeReplayGatewayReplaysReplayIdResumePostResponses[keyof ResumeReplayGatewayReplaysReplayIdResumePostResponses];

export type GetDiffGatewayReplaysReplayIdDiffGetData = {
    body?: never;
    path: {
        /**
         * Replay Id
         */
        replay_id: string;
    };
    query?: never;
    url: '/gateway/replays/{replay_id}/diff';
};

export type GetDiffGatewayReplaysReplayIdDiffGetErrors = {
    /**
     * Unknown replay
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type GetDiffGatewayReplaysReplayIdDiffGetError = GetDiffGatewayReplaysReplayIdDiffGetErrors[keyof GetDiffGatewayReplaysReplayIdDiffGetErrors];

export type GetDiffGatewayReplaysReplayIdDiffGetResponses = {
    /**
     * The live alarms (old) against those of the replay (new), at the prices of the replay's policy.
     */
    200: ReplayDiff;
};

export type GetDiffGatewayReplaysReplayIdDiffGetResponse = GetDiffGatewayReplaysReplayIdDiffGetResponses[keyof GetDiffGatewayReplaysReplayIdDiffGetResponses];

export type ListModelsGatewayModelsGetData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/gateway/models';
};

export type ListModelsGatewayModelsGetErrors = {
    /**
     * Store unavailable
     */
    503: ProblemDocument;
};

export type ListModelsGatewayModelsGetError = ListModelsGatewayModelsGetErrors[keyof ListModelsGatewayModelsGetErrors];

export type ListModelsGatewayModelsGetResponses = {
    /**
     * The models that inference says it can score with, the live one first.
     */
    200: ModelList;
};

export type ListModelsGatewayModelsGetResponse = ListModelsGatewayModelsGetResponses[keyof ListModelsGatewayModelsGetResponses];
