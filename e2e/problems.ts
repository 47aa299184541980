import type { Page } from 'playwright-core';

/** Collects what must not happen in a page. The list grows as the page lives. */
export async function watchForProblems(page: Page): Promise<string[]> {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    problems.push(`error: ${error.message}`);
  });
  page.on('crash', () => {
    problems.push('the page crashed');
  });
  await page.exposeFunction('reportBreach', (breach: string) => {
    problems.push(`policy: ${breach}`);
  });
  const listen = (): void => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report: unknown = Reflect.get(window, 'reportBreach');
      const text = `${event.effectiveDirective} ${event.blockedURI}`;
      if (typeof report === 'function') Reflect.apply(report, window, [text]);
    });
  };
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return problems;
}
