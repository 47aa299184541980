type Component = {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  purl: string;
  [key: string]: unknown;
};

/** What of a CycloneDX bill of materials is read or changed here. */
export type Bill = {
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
  [key: string]: unknown;
};

type Shipped = {
  /** Names of what package.json lists under `dependencies`. */
  dependencies: string[];
  /** The version of the Electron that the app runs in. */
  electron: string;
};

/**
 * Of npm's bill of all that is installed, what a package ships: the dependencies with all that they need, and Electron, which npm
 * holds for a tool. npm's own `--omit=dev` leaves out each package that some tool needs as well, as it does Svelte.
 */
export function shippedBill(bill: Bill, { dependencies, electron }: Shipped): Bill {
  const app = bill.metadata.component;
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const names = new Map(bill.components.map((one) => [one['bom-ref'], one.name]));
  const first = (needs.get(app['bom-ref']) ?? []).filter((ref) =>
    dependencies.includes(names.get(ref) ?? ''),
  );
  const shipped = new Set(first);
  for (const ref of shipped) for (const needed of needs.get(ref) ?? []) shipped.add(needed);
  const ofElectron: Component = {
    'bom-ref': `electron@${electron}`,
    type: 'framework',
    name: 'electron',
    version: electron,
    scope: 'required',
    description: 'Electron, with the Chromium and the Node.js that are inside it',
    purl: `pkg:npm/electron@${electron}`,
    licenses: [{ license: { id: 'MIT' } }],
  };
  return {
    ...bill,
    // npm calls it by the folder that it lies in.
    metadata: {
      ...bill.metadata,
      component: { ...app, type: 'application', name: 'soundpost' },
    },
    components: [...bill.components.filter((one) => shipped.has(one['bom-ref'])), ofElectron],
    dependencies: [
      { ref: app['bom-ref'], dependsOn: [...first, ofElectron['bom-ref']] },
      ...bill.dependencies.filter(({ ref }) => shipped.has(ref)),
      { ref: ofElectron['bom-ref'], dependsOn: [] },
    ],
  };
}
