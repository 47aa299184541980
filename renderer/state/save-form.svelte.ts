import type { Preset } from '../../electron/contract/preset.ts';
import type { RequestInput } from '../../electron/contract/requests.ts';

type SaveRule = NonNullable<Preset['save']>;

/** Whether the answers of a request are saved by themselves, and by which name. */
export class SaveForm {
  auto = $state(false);
  /** Empty: as the settings have it. Always one that can be used. */
  template = $state('');

  fill({ auto = false, template = '' }: Partial<SaveRule> = {}): void {
    this.auto = auto;
    this.template = template;
  }

  /** Undefined when it is as of any request. */
  get rule(): SaveRule | undefined {
    const { auto, template } = this;
    if (!auto && template === '') return undefined;
    return { auto, ...(template === '' ? {} : { template }) };
  }

  /** What a run is asked for with; undefined when it is not to be saved. */
  get asked(): RequestInput<'run.start'>['save'] {
    if (!this.auto) return undefined;
    return this.template === '' ? {} : { template: this.template };
  }
}
