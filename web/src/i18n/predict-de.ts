/** Texte der Seite, die eine Messung beurteilt, auf Deutsch. */

import type { PredictWords } from './predict-en';

export const predict: PredictWords = {
  title: 'Messung prüfen',
  lead: 'Was würde das Modell sagen? Einen Wert ändern und sehen.',
  presets: 'Ausgehen von',
  copyFrom: 'Oder von Maschine übernehmen',
  copy: 'Übernehmen',
  reading: 'Messung',
  machineId: 'Maschinen-ID',
  productType: 'Produkttyp',
  fromMachine: 'Aus der Maschinen-ID',
  celsius: (value) => `= ${value}`,
  enterNumber: 'Bitte eine Zahl eingeben.',
  takeSuggested: (value) => `${value} verwenden`,
  waiting: 'Wird beurteilt',
  incomplete: 'Die Messung vervollständigen, um ein Urteil zu bekommen.',
  cannotJudge: 'Diese Messung ist nicht beurteilbar',
  because: (reason) => `Denn ${reason}.`,
  latency: (ms) => `beantwortet in ${ms}`,
  assumption: 'Angenommen',
  whatIf: 'Was wäre wenn',
  whatIfOver: 'Verändern',
  whatIfLabel: (signal) => `Ausfallwahrscheinlichkeit über ${signal}`,
  whatIfNow: 'jetzt',
};
