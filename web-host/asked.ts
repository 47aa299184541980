type First<F extends (...args: never[]) => unknown> = Parameters<F>[0];
type Handler<M extends keyof Electron.Session> = Electron.Session[M] extends (
  handler: infer H,
) => unknown
  ? H
  : never;

/**
 * What main asked of Electron that a browser does by itself, or can't be told: kept, so that a spec sees that it was asked, and in
 * which order. Nothing of it does anything here.
 */
export class Asked {
  /** `sandbox`, `schemes`, `ready`, `proxy`, `window`, as they came. */
  readonly order: string[] = [];
  readonly schemes: Electron.CustomScheme[] = [];
  readonly windows: Electron.BrowserWindowConstructorOptions[] = [];
  readonly proxies: Electron.ProxyConfig[] = [];
  readonly webRTC: First<Electron.WebContents['setWebRTCIPHandlingPolicy']>[] = [];
  readonly opensWindow: First<Electron.WebContents['setWindowOpenHandler']>[] = [];
  permissionRequest: Handler<'setPermissionRequestHandler'> = null;
  permissionCheck: Handler<'setPermissionCheckHandler'> = null;
  devicePermission: Handler<'setDevicePermissionHandler'> = null;
  beforeRequest: Parameters<Electron.WebRequest['onBeforeRequest']> | null = null;
}
