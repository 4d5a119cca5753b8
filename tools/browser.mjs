// Opens a page in Chromium, waits in real time until an expression holds there, and prints what
// another one says; for what virtual time cannot show, such as work in a worker.
//
//   node browser.mjs CHROMIUM '{"url": …, "until": …, "then": …, "seconds": 60}'
//
// Further keys: "before", a script that runs ahead of the page's own, "width", "height", "dark", "media" and "screenshot", a file for a picture.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [browser, given] = process.argv.slice(2);
const asked = { until: "true", then: "null", seconds: 60, width: 1280, height: 900, ...JSON.parse(given) };
const profile = mkdtempSync(join(tmpdir(), "browser-"));
const child = spawn(browser, [
  "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run",
  `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "pipe"], detached: true });

const address = await new Promise((said, failed) => {
  let heard = "";
  child.on("exit", () => failed(new Error(`the browser ended: ${heard.slice(-400)}`)));
  child.stderr.on("data", (more) => {
    heard += more;
    const at = /DevTools listening on (ws:\S+)/.exec(heard);
    if (at) said(at[1]);
  });
});
const socket = new WebSocket(address);
await new Promise((opened) => { socket.onopen = opened; });
const waiting = new Map();
let count = 0;
socket.onmessage = ({ data }) => {
  const { id, result, error } = JSON.parse(data);
  if (!waiting.has(id)) return;
  const [done, failed] = waiting.get(id);
  waiting.delete(id);
  if (error) failed(new Error(error.message));
  else done(result);
};
const call = (method, params = {}, sessionId = undefined) => new Promise((done, failed) => {
  count += 1;
  waiting.set(count, [done, failed]);
  socket.send(JSON.stringify({ id: count, method, params, sessionId }));
});

async function main() {
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const here = (method, params) => call(method, params, sessionId);
  const value = async (expression) => {
    const { result, exceptionDetails } = await here("Runtime.evaluate",
      { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const { width, height } = asked;
  await here("Emulation.setDeviceMetricsOverride",
    { width, height, deviceScaleFactor: 1, mobile: width < 500 });
  const scheme = { name: "prefers-color-scheme", value: asked.dark ? "dark" : "light" };
  await here("Emulation.setEmulatedMedia", { media: asked.media ?? "", features: [scheme] });
  if (asked.before) {
    await here("Page.enable");
    await here("Page.addScriptToEvaluateOnNewDocument", { source: asked.before });
  }
  await here("Page.navigate", { url: asked.url });
  const end = Date.now() + 1000 * asked.seconds;
  while (!(await value(`document.readyState === "complete" && Boolean(${asked.until})`))) {
    if (Date.now() > end) throw new Error(`not within ${asked.seconds} s: ${asked.until}`);
    await new Promise((rested) => { setTimeout(rested, 100); });
  }
  const said = await value(asked.then);
  if (asked.screenshot) {
    const { data } = await here("Page.captureScreenshot", { captureBeyondViewport: true });
    writeFileSync(asked.screenshot, Buffer.from(data, "base64"));
  }
  return said;
}

try {
  process.stdout.write(`${JSON.stringify(await main())}\n`);
} finally {
  child.removeAllListeners("exit");
  const ended = new Promise((done) => { child.on("exit", done); });
  process.kill(-child.pid);
  await ended;
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(0);
