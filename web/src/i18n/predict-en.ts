/** Texts of the page that judges a reading, in English. */

export const predict = {
  title: 'Check a reading',
  lead: 'What would the model say? Change a value and see.',
  presets: 'Start from',
  copyFrom: 'Or copy from machine',
  copy: 'Copy',
  reading: 'Reading',
  machineId: 'Machine id',
  productType: 'Product type',
  fromMachine: 'From the machine id',
  celsius: (value: string) => `= ${value}`,
  enterNumber: 'Enter a number.',
  takeSuggested: (value: string) => `Use ${value}`,
  waiting: 'Judging',
  incomplete: 'Complete the reading to get a judgement.',
  cannotJudge: 'This reading cannot be judged',
  because: (reason: string) => `Because ${reason}.`,
  latency: (ms: string) => `answered in ${ms}`,
  assumption: 'Assumed',
  whatIf: 'What if',
  whatIfOver: 'Vary',
  whatIfLabel: (signal: string) => `Failure probability over ${signal}`,
  whatIfNow: 'now',
};

export type PredictWords = typeof predict;
