import { expect, test } from 'vitest';
import { describeWithKeyring } from '../electron/core/keychain/testing/describe-with-keyring.ts';
import {
  keyringSession,
  type KeyringKind,
} from '../electron/core/keychain/testing/keyring-session.ts';
import { answerJson, echo, unauthorized } from '../electron/core/testing/model-answers.ts';
import { startModelServer, type ModelServer } from '../electron/core/testing/model-server.ts';
import { launchApp, type App } from './app.ts';
import { expectWords, on } from './page.ts';

const key = 'abcd1234.s3cretS3cret';

/** Pastes text as a person does: from the clipboard, with the keyboard. */
async function pasteKey(app: App, text: string): Promise<void> {
  const { page } = app;
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.getByLabel(/paste your Baseten API key/).focus();
  await page.keyboard.press('Control+KeyV');
}

async function start(server: ModelServer, bus: string | undefined, home?: string): Promise<App> {
  return await launchApp({
    env: {
      DBUS_SESSION_BUS_ADDRESS: bus,
      BASETEN_MANAGEMENT_API_URL_OVERRIDE: server.url,
    },
    ...(home ? { home } : {}),
  });
}

async function world(kind: KeyringKind) {
  const session = await keyringSession(kind);
  const server = await startModelServer();
  server.answer(
    '/v1/users/me',
    answerJson({ user_id: 'u', email: 'me@example.com', name: 'Me', workspace_name: 'Studio' }),
  );
  server.answer('/predict', echo());
  return {
    session,
    server,
    bus: session.environment['DBUS_SESSION_BUS_ADDRESS'],
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await session[Symbol.asyncDispose]();
    },
  };
}

describeWithKeyring('The key in the page', () => {
  test('is checked, kept in the keyring, used after a restart, and can be removed', async () => {
    await using place = await world('unlocked');
    {
      await using app = await start(place.server, place.bus);
      await pasteKey(app, key);
      await expectWords(app.page, /Key ••••cret in the system keychain/);
      expect(place.server.requests[0]?.headers.authorization).toBe(`Api-Key ${key}`);
      expect(await app.page.content()).not.toContain(key);
    }
    await using app = await start(place.server, place.bus);
    const { page } = app;
    await expectWords(page, /Key ••••cret in the system keychain/);
    await on(page).request('New request').click();
    await on(page).address.fill(`${place.server.url}/predict`);
    await page.getByRole('button', { name: /^Remove byte_data/ }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Send the key' }).click();
    await page.getByText('200 OK').waitFor();
    expect(place.server.requests.at(-1)?.headers.authorization).toBe(`Api-Key ${key}`);
    await page.getByRole('button', { name: 'Keys…' }).click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove the key' }).click();
    await expectWords(page, /No API key yet/);
    expect(app.problems).toEqual([]);
  });

  test('is refused in words when Baseten does not know it, and nothing is kept', async () => {
    await using place = await world('unlocked');
    place.server.answer('/v1/users/me', unauthorized());
    await using app = await start(place.server, place.bus);
    await pasteKey(app, key);
    await expectWords(app.page, /did not accept the key|does not know this key|not accepted/i);
    await expectWords(app.page, /No API key yet/);
  });

  test('in a locked keyring is said to be locked, not missing, and comes back when it is unlocked', async () => {
    await using place = await world('unlocked');
    {
      await using app = await start(place.server, place.bus);
      await pasteKey(app, key);
      await expectWords(app.page, /Key ••••cret in the system keychain/);
    }
    await place.session.lock();
    await using app = await start(place.server, place.bus);
    await expectWords(app.page, /locked/);
    await place.session.unlock();
    await app.page.getByRole('button', { name: /keychain again/ }).click();
    await expectWords(app.page, /Key ••••cret in the system keychain/);
  });

  test('without a keyring can be used for this session only, when the user says so', async () => {
    await using place = await world('absent');
    await using app = await start(place.server, place.bus);
    await pasteKey(app, key);
    await app.page.getByRole('button', { name: /this session only/ }).click();
    await expectWords(app.page, /Key ••••cret,? for this session only/);
    expect(await app.page.content()).not.toContain(key);
  });
});
