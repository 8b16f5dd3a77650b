// The pictures of README, taken from the demo site: node pictures.js BINARY [FOLDER]. Nobody calls it; run it when the looks change.
'use strict';
const path = require('path');
const { Server, launch, pause, open, within, begin, type, settled, PHONE } = require('./stage.js');

const [binary, folder = path.join(__dirname, '../../docs/images')] = process.argv.slice(2);
const DESK = { viewport: { width: 1200, height: 760 } };

/** Presses these choices, by their place, one after the other. */
async function answer(page, choices) {
  for (const choice of choices) {
    const said = await within(page, '.mine').count();
    await within(page, '.choice').nth(choice).click();
    await page.waitForFunction((count) => document.querySelector('pandu-chat').shadowRoot.querySelectorAll('.mine').length > count, said);
    await settled(page);
  }
}

const PICTURES = {
  'widget-desktop': [DESK, 'light', 'kak aku cocok ga ya kerja di bidang sosial?', [3]],
  'widget-desktop-dark': [DESK, 'dark', 'gaji pekerja sosial berapa?', []],
  'widget-phone-light': [PHONE, 'light', 'kak aku cocok ga ya kerja di bidang sosial?', [3]],
  'widget-phone': [PHONE, 'dark', 'aku bingung milih jurusan', [2, 2, 0, 2, 1, 0, 1, 2, 0, 1, 1]],
};

async function main() {
  const browser = await launch();
  const server = await new Server(binary).start();
  for (const [name, [device, colorScheme, first, choices]] of Object.entries(PICTURES)) {
    const context = await browser.newContext({ ...device, colorScheme });
    const page = await open(context, `${server.url}/`);
    await begin(page);
    await within(page, '.choice').first().waitFor();
    await type(page, first);
    await settled(page);
    await answer(page, choices);
    await page.evaluate(() => document.querySelector('pandu-chat').shadowRoot.activeElement?.blur());
    await page.mouse.move(5, 5);
    await pause(600);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    await context.close();
  }
  await browser.close();
  await server.end();
}

main().catch((error) => { console.log(error.stack); process.exit(1); });
