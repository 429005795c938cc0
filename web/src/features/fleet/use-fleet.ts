import { useMemo } from 'react';
import { isOnItsWay } from '../../api/on-its-way';
import { useReadingSchema } from '../../api/schema-query';
import type { MachineSummary } from '../../api/types';
import type { Priorities } from '../../live/condition';
import type { LiveStore } from '../../live/store';
import { useLiveVersion } from '../../live/use-live';
import { type FleetRow, fleetRows } from './fleet-rows';
import { useRegistry, useWorst } from './queries';

const NO_MACHINES: readonly MachineSummary[] = [];
const NO_PRIORITIES: Priorities = {};

interface FleetView {
  readonly rows: readonly FleetRow[];
  readonly priorities: Priorities;
  readonly modeTitles: ReadonlyMap<string, string>;
  readonly featureTitles: ReadonlyMap<string, string>;
  /** The first answers are on their way: of the registry, by which the machines are grouped, and of the reasons. */
  readonly isAwaited: { readonly groups: boolean; readonly reasons: boolean };
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The fleet once a second: live columns, registry, the reasons of the worst, and the profile's titles. */
export function useFleet(store: LiveStore): FleetView {
  const version = useLiveVersion(store);
  const schema = useReadingSchema();
  const registry = useRegistry(store.fleet.size);
  const worst = useWorst();
  const modes = schema.data?.modes;
  const features = schema.data?.features;

  const priorities = useMemo<Priorities>(
    () => (modes ? Object.fromEntries(modes.map((mode) => [mode.name, mode.priority])) : NO_PRIORITIES),
    [modes],
  );
  const known = useMemo(() => {
    const machines = [...(registry.data ?? NO_MACHINES), ...(worst.data?.machines ?? NO_MACHINES)];
    return new Map(machines.map((machine) => [machine.machine_id, machine]));
  }, [registry.data, worst.data]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the fleet's typed arrays
  const rows = useMemo(() => fleetRows(store.fleet, known, priorities), [store, known, priorities, version]);
  const modeTitles = useMemo(() => new Map(modes?.map((mode) => [mode.name, mode.title])), [modes]);
  const featureTitles = useMemo(() => new Map(features?.map((one) => [one.name, one.title])), [features]);
  return {
    rows,
    priorities,
    modeTitles,
    featureTitles,
    isAwaited: { groups: isOnItsWay(registry), reasons: isOnItsWay(worst) },
    error: registry.error,
    retry: () => void registry.refetch(),
  };
}
