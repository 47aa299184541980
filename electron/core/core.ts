import { join } from 'node:path';
import type { DemoModel, Intent } from '../contract/intent.ts';
import type { PresetRef } from '../contract/history.ts';
import type { PreflightNote } from '../contract/preflight.ts';
import type { RunOutcome, RunProgress } from '../contract/run.ts';
import type { KeyMark } from '../contract/settings.ts';
import type { SnippetKind } from '../contract/snippet.ts';
import type { Input } from '../contract/sound.ts';
import type { HostDecision, HostQuestion } from './baseten/authorization.ts';
import type { KeyChoice } from './baseten/key-choice.ts';
import { approvedBy, askOnce } from './baseten/host-question.ts';
import { startDemo } from './demo/demo-server.ts';
import type { ByteSource } from './files/byte-source.ts';
import { displayPath } from './files/app-directories.ts';
import { Inputs } from './files/inputs.ts';
import { PageInputs } from './files/page-inputs.ts';
import { Sha256 } from './files/sha256.ts';
import { History } from './history/history.ts';
import { AccountModels, type ModelsChange } from './models/account-models.ts';
import { ModelCache } from './models/model-cache.ts';
import { isHeld, ownLease, type Lease } from './runs/lease.ts';
import { WaitingRoom } from './runs/waiting-room.ts';
import { InFlight } from './invocation/in-flight.ts';
import { invoke } from './invocation/invoke.ts';
import { preflight } from './invocation/preflight.ts';
import { Running } from './invocation/running.ts';
import { Afterwards } from './invocation/afterwards.ts';
import type { LiveAnswer } from './runs/live-answer.ts';
import { Presets } from './presets/presets.ts';
import { Runs, type StoredPart } from './runs/runs.ts';
import { SavedAnswers } from './saving/saved-answers.ts';
import { serve } from './serve.ts';
import { approvedIn, isApprovedFor } from './settings/approved-hosts.ts';
import { proxyOfSettings } from './settings/proxy-setting.ts';
import { SettingsDesk } from './settings/settings-desk.ts';
import { SettingsFile } from './settings/settings.ts';
import { snippetFor, type Snippet } from './snippets/snippet-for.ts';
import { createAgents, type Agents } from './transport/agents.ts';
import type { ProxyFor } from './transport/proxy.ts';
import { defaultPace, type Pace } from './transport/retry.ts';

export type CoreOptions = {
  /** Where runs are kept: shared by the app, the web host and the command line. */
  dataDirectory: string;
  configDirectory: string;
  /** The account's: paths are shown from there, and answers saved below it unless the settings name a folder. */
  home: string;
  /** Holds the bundled recording. */
  sampleDirectory: string;
  keys: KeyChoice;
  /** What is allowed for this process alone, besides what is remembered. */
  isAllowed?: (origin: string, key: KeyMark | null) => boolean;
  askForHost: (question: HostQuestion) => Promise<HostDecision>;
  /** Names the proxy for a URL; none are used when absent. */
  proxyFor?: ProxyFor;
  /** A file of further certificates to trust, in PEM; else the one in the settings. */
  caFile?: string | undefined;
  /** Which face this is, for the runs' records; `app` when absent. */
  by?: 'app' | 'cli';
  /** Something that is shown of the history is different. */
  onHistoryChange?: () => void;
  /** Something that is shown of a key's models is different. */
  onModelsChange?: (change: ModelsChange) => void;
  /** How tries follow one another when a server is busy or can't be reached. */
  pace?: Pace;
  log: (error: unknown) => void;
};

type RunRequest = {
  runId: string;
  intent: Intent;
  onProgress: (progress: RunProgress) => void;
  /** The preset it is made with. */
  preset?: PresetRef | undefined;
  /** The answer is saved by itself when it came whole; by the settings' template when it names none. */
  save?: { template?: string | undefined } | undefined;
  sharesAnswer?: boolean;
  /** Whether the decoded message tells the SHA-256 of its bytes values. */
  sha256?: boolean;
};

/** The product without a face: the desktop app, the web host and the command line are three faces of it. */
export type Core = {
  runsDirectory: string;
  /** The runs of this process that have not ended. */
  inFlight: InFlight;
  /** The ways out of this computer, for whoever else asks Baseten. */
  agents: Agents;
  inputs: Inputs;
  presets: Presets;
  /** The models of the keys' accounts. */
  models: AccountModels;
  settings: SettingsDesk;
  /** Answers that were saved by themselves, and how any is called that is saved. */
  saved: SavedAnswers;
  /** All runs there were, of all faces. */
  history: History;
  admitSample(): Promise<Input>;
  /** What there is to know before a request is sent. */
  check(intent: Intent): Promise<PreflightNote[]>;
  /** The same request in another language. Sends nothing and asks nobody. */
  snippet(intent: Intent, kind: SnippetKind): Promise<Snippet>;
  start(request: RunRequest): Promise<RunOutcome>;
  cancel(runId: string): void;
  part(runId: string, name: string): StoredPart;
  savePart: Runs['save'];
  saveOutput: Runs['saveOutput'];
  /** Puts text where the user said. */
  saveText: Runs['saveText'];
  runFolder(runId: string): string;
  /** In hex. */
  sha256(part: ByteSource): Promise<string>;
  /**
   * An answer that is streamed, to be read while it grows: its own bytes, or the sound or words in it once they are offered.
   * @throws SoundpostError `invalid_request`
   */
  live(runId: string, what?: 'answer' | 'sound' | 'words'): LiveAnswer;
  /** Answers the page's requests for inputs and parts, and takes inputs born in it; null for other paths. */
  serve(request: Request): Promise<Response | null>;
  /** Cancels what is in flight, and resolves when all of it is put down. */
  close(): Promise<void>;
};

export function createCore(options: CoreOptions): Core {
  const { dataDirectory, configDirectory, sampleDirectory, home, keys, log } = options;
  const runsDirectory = join(dataDirectory, 'runs');
  const inputs = new Inputs();
  const pageInputs = new PageInputs((path) => inputs.admit(path));
  const runs = new Runs();
  const running = new Running();
  const inFlight = new InFlight(log);
  const waitingRoom = new WaitingRoom();
  const hashes = new Sha256();
  const settings = new SettingsFile(join(configDirectory, 'settings.json'), log);
  const agents = createAgents({
    proxyFor: proxyOfSettings(async () => (await settings.read()).proxy, options.proxyFor),
    caFile: async () => options.caFile ?? (await settings.read()).caFile,
  });
  const lease = lazily(ownLease);
  const history = new History({
    ...{ dataDirectory, runsDirectory, runs, inputs, log },
    flight: {
      isHeld: async (record) => {
        if (!record.lease) return false;
        return isOwn(record.lease, await lease())
          ? running.has(record.id) || afterwards.has(record.id)
          : isHeld(record.lease);
      },
    },
    readLimit: async () => (await settings.read()).historyLimit,
    writeLimit: (bytes) => settings.limitHistory(bytes),
    onChange: options.onHistoryChange ?? (() => undefined),
  });
  const afterwards = new Afterwards(log, async (runId) => {
    await history.changed(runId);
    if (history.isOpen) await history.tidy();
  });
  // Started by the first demo run: a user with models of their own never has its port open.
  let demo: ReturnType<typeof startDemo> | undefined;

  const context = {
    runs,
    runsDirectory,
    agents,
    openInput: (inputId: string) => inputs.open(inputId),
    keys,
    isApproved: async (origin: string, key: KeyMark | null) =>
      options.isAllowed?.(origin, key) === true ||
      isApprovedFor(approvedIn(await settings.read()), origin, key),
    askForHost: askOnce(async (question) => {
      const decision = await options.askForHost(question);
      const approved = approvedBy(question, decision);
      // The user said yes to this run; if it can't be remembered, the next one asks again.
      if (approved) await settings.approve(approved).catch(log);
      return decision;
    }),
    demoUrl: async (model: DemoModel) => {
      demo ??= startDemo({ sampleDirectory });
      return new URL((await demo).urlFor(model));
    },
    pace: options.pace ?? defaultPace,
    origin: async ({ preset }: { preset?: PresetRef | undefined }) => ({
      ...{ by: options.by ?? ('app' as const), lease: await lease(), preset },
    }),
    onRecorded: (runId: string) => {
      history.changed(runId).catch(log);
    },
    saveAnswer: (...finished: Parameters<SavedAnswers['save']>) => saved.save(...finished),
    afterwards: (runId: string, work: (signal: AbortSignal) => Promise<void>) => {
      afterwards.add(runId, work);
    },
    log,
  };

  const presets = new Presets({
    path: join(configDirectory, 'presets.json'),
    isApproved: async (origin) =>
      (await context.isApproved(origin, await keys.choose())) ||
      (await keys.ownerOf(new URL(origin))) !== null,
    log,
  });

  const desk = new SettingsDesk({
    ...{ file: settings, dataDirectory, configDirectory, home, inputs, history },
  });
  const saved = new SavedAnswers({
    ...{ runs, log, display: (path) => displayPath(path, home) },
    rule: () => desk.savingRule(),
    inputName: (inputId) => inputs.nameOf(inputId),
    templateOf: async (id) => (await presets.get(id))?.save?.template,
    runFolder: (runId) => history.folder(runId),
  });

  const models = new AccountModels({
    ...{ keys, agents, log, now: Date.now },
    cache: new ModelCache(join(dataDirectory, 'models')),
    onChange: options.onModelsChange ?? (() => undefined),
  });

  return {
    runsDirectory,
    inFlight,
    agents,
    inputs,
    presets,
    models,
    history,
    settings: desk,
    saved,
    admitSample: () => inputs.admit(join(sampleDirectory, 'Gettysburg.mp3')),
    check: (intent) => preflight(intent, context.openInput),
    snippet: (intent, kind) => snippetFor(intent, kind, context),
    start: ({ sha256 = false, ...asked }) =>
      inFlight.follow(asked, (onProgress) =>
        running.start(
          asked.runId,
          async (signal) => {
            const run = { ...asked, usual: await settings.usual(), signal, onProgress };
            return invoke({ ...run, ...(sha256 ? { hashes } : {}) }, context);
          },
          () => {
            onProgress({ runId: asked.runId, phase: 'queued', sent: 0, toSend: 0, received: 0 });
          },
        ),
      ),
    cancel: (runId) => {
      running.cancel(runId);
    },
    part: (runId, name) => runs.part(runId, (part) => part.name === name),
    savePart: (...save) => runs.save(...save),
    saveOutput: (...save) => runs.saveOutput(...save),
    saveText: (...save) => runs.saveText(...save),
    runFolder: (runId) => runs.folder(runId),
    sha256: (part) => hashes.of(part),
    live: (runId, what) => runs.live(runId, what),
    serve: (request) => serve(request, { inputs, pageInputs, runs, waitingRoom }),
    async close() {
      await running.cancelAll();
      pageInputs.close();
      presets.close();
      models.close();
      settings.close();
      agents.close();
      await afterwards.close();
      await history.close();
      await (await demo)?.close();
    },
  };
}

const isOwn = (one: Lease, own: Lease): boolean =>
  one.pid === own.pid && one.processStart === own.processStart;

/** What is asked for once, when it is needed first. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
