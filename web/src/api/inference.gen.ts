// Written by `npm run generate` from the OpenAPI document of the service. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
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
 * Judgement
 *
 * The minimal answer (`Prefer: return=minimal`): exactly the three promised keys.
 */
export type Judgement = {
    anomaly: boolean;
    failure_probability: number;
    prediction: number;
};

/**
 * BatchAnswer
 *
 * One result per reading, in the order of the request.
 */
export type BatchAnswer = {
    results: Array<BatchResult>;
};

/**
 * BatchResult
 *
 * The answer for one reading of a batch: `assessment` with status 200, or `problem` with status 422.
 *
 * With `Prefer: return=minimal` there is `judgement` in the place of `assessment`.
 */
export type BatchResult = {
    index: number;
    status: number;
    assessment?: Assessment | null;
    judgement?: Judgement | null;
    problem?: ProblemDocument | null;
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

/**
 * ModelList
 *
 * The models this installation answers with.
 */
export type ModelList = {
    models: Array<ModelSummary>;
};

/**
 * ModelSummary
 *
 * A loaded model: what it is called, which artifact it is, what it judges.
 */
export type ModelSummary = {
    name: string;
    version: string;
    digest: string;
    equipment: string;
    trained_on: string;
    rows: number;
};

/**
 * ModelDetail
 *
 * A model with its whole manifest: data, features, metrics with counts, reliability curve, rule baseline.
 */
export type ModelDetail = {
    name: string;
    digest: string;
    manifest: {
        [key: string]: unknown;
    };
};

/**
 * JsonSchema
 *
 * A JSON Schema (2020-12) of a reading, with units, ranges, bands, presets, modes and rules as `x-` keys.
 */
export type JsonSchema = {
    [key: string]: unknown;
};

export type Reading = unknown & {
    /**
     * Machine
     *
     * Another spelling of machine_id.
     */
    udi?: string;
    /**
     * Machine
     */
    machine_id?: string;
    /**
     * Air temperature
     *
     * Air temperature in K.
     */
    air_temperature: number;
    /**
     * Process temperature
     *
     * Process temperature in K.
     */
    process_temperature: number;
    /**
     * Rotational speed
     *
     * Rotational speed in rpm.
     */
    rotational_speed: number;
    /**
     * Torque
     *
     * Torque in Nm.
     */
    torque: number;
    /**
     * Tool wear
     *
     * Tool wear in min.
     */
    tool_wear: number;
    equipment?: 'milling';
    /**
     * Product type
     *
     * If absent, the letter that the machine's id begins with.
     */
    product_type?: 'L' | 'M' | 'H';
    /**
     * Observed at
     *
     * RFC 3339 with a time zone. If absent, the time of receipt.
     */
    observed_at?: string;
    /**
     * Event
     *
     * If absent, derived from machine, time and content: a re-send is a duplicate.
     */
    event_id?: string;
};

export type PredictApiPredictPostData = {
    body: Reading;
    path?: never;
    query?: never;
    url: '/api/predict';
};

export type PredictApiPredictPostErrors = {
    /**
     * Body too large
     */
    413: ProblemDocument;
    /**
     * Unsupported media type
     */
    415: ProblemDocument;
    /**
     * Reading cannot be judged
     */
    422: ProblemDocument;
    /**
     * Model not ready
     */
    503: ProblemDocument;
};

export type PredictApiPredictPostError = PredictApiPredictPostErrors[keyof PredictApiPredictPostErrors];

export type PredictApiPredictPostResponses = {
    /**
     * A judged reading. The first three fields are the public promise: always first, always these types.
     */
    200: Assessment;
};

export type PredictApiPredictPostResponse = PredictApiPredictPostResponses[keyof PredictApiPredictPostResponses];

export type PredictBatchApiPredictBatchPostData = {
    body: Array<Reading>;
    path?: never;
    query?: never;
    url: '/api/predict/batch';
};

export type PredictBatchApiPredictBatchPostErrors = {
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
     * Model not ready
     */
    503: ProblemDocument;
};

export type PredictBatchApiPredictBatchPostError = PredictBatchApiPredictBatchPostErrors[keyof PredictBatchApiPredictBatchPostErrors];

export type PredictBatchApiPredictBatchPostResponses = {
    /**
     * One result per reading, in the order of the request.
     */
    200: BatchAnswer;
};

export type PredictBatchApiPredictBatchPostResponse = PredictBatchApiPredictBatchPostResponses[keyof PredictBatchApiPredictBatchPostResponses];

export type ModelsApiModelsGetData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/models';
};

export type ModelsApiModelsGetErrors = {
    /**
     * Model not ready
     */
    503: ProblemDocument;
};

export type ModelsApiModelsGetError = ModelsApiModelsGetErrors[keyof ModelsApiModelsGetErrors];

export type ModelsApiModelsGetResponses = {
    /**
     * The models this installation answers with.
     */
    200: ModelList;
};

export type ModelsApiModelsGetResponse = ModelsApiModelsGetResponses[keyof ModelsApiModelsGetResponses];

export type ModelApiModelsNameGetData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/models/{name}';
};

export type ModelApiModelsNameGetErrors = {
    /**
     * Unknown model
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
    /**
     * Model not ready
     */
    503: ProblemDocument;
};

export type ModelApiModelsNameGetError = ModelApiModelsNameGetErrors[keyof ModelApiModelsNameGetErrors];

export type ModelApiModelsNameGetResponses = {
    /**
     * A model with its whole manifest: data, features, metrics with counts, reliability curve, rule baseline.
     */
    200: ModelDetail;
};

export type ModelApiModelsNameGetResponse = ModelApiModelsNameGetResponses[keyof ModelApiModelsNameGetResponses];

export type ReadingSchemaApiSchemaEquipmentGetData = {
    body?: never;
    path: {
        /**
         * Equipment
         */
        equipment: string;
    };
    query?: never;
    url: '/api/schema/{equipment}';
};

export type ReadingSchemaApiSchemaEquipmentGetErrors = {
    /**
     * Unknown equipment
     */
    404: ProblemDocument;
    /**
     * Malformed request
     */
    422: ProblemDocument;
};

export type ReadingSchemaApiSchemaEquipmentGetError = ReadingSchemaApiSchemaEquipmentGetErrors[keyof ReadingSchemaApiSchemaEquipmentGetErrors];

export type ReadingSchemaApiSchemaEquipmentGetResponses = {
    /**
     * A JSON Schema (2020-12) of a reading, with units, ranges, bands, presets, modes and rules as `x-` keys.
     */
    200: unknown;
};
