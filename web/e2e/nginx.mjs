// The built pages in an Nginx with our own configuration, as the container runs it: as nobody, with a folder of the build
// that it cannot write. Only addresses and folders of the image are replaced.

import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WEB = new URL('../', import.meta.url).pathname;
const NGINX = process.env.NGINX ?? (existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx');
const NOBODY = 65_534;
const READY_MS = 15_000;

/** Starts it for an application that lies at `basePath`: its address, and how to end it. */
export async function startWeb(basePath = '/') {
  const home = mkdtempSync(join(tmpdir(), 'pm-web-'));
  const port = await freePort();
  furnish(home, port, basePath);
  const isRoot = process.getuid() === 0;
  const child = spawn(NGINX, ['-e', 'stderr', '-c', join(home, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  child.on('error', (error) => {
    said += `${NGINX}: ${error.message}`;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(home, { recursive: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await close();
      throw new Error(`the web server did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return { url, close };
}

/** The files of the image below `home`, and a folder in the place of its /tmp. */
function furnish(home, port, basePath) {
  const [html, temporary] = [join(home, 'html'), join(home, 'tmp')];
  cpSync(join(WEB, 'dist'), html, { recursive: true });
  mkdirSync(temporary);
  chmodSync(home, 0o755);
  chmodSync(temporary, 0o777);
  const places = {
    '/etc/nginx/': `${home}/`,
    '/usr/share/nginx/html': html,
    '/tmp/': `${temporary}/`,
    'listen 8080': `listen 127.0.0.1:${port}`,
  };
  for (const name of ['nginx.conf', 'security-headers.conf', 'base-path.conf']) {
    const text = readFileSync(join(WEB, 'nginx', name), 'utf8');
    writeFileSync(
      join(home, name),
      text.replace(new RegExp(Object.keys(places).join('|'), 'g'), (place) => places[place]),
    );
  }
  cpSync('/etc/nginx/mime.types', join(home, 'mime.types'));
  if (basePath !== '/') writeFileSync(join(home, 'base-path.conf'), basePathFile(basePath));
}

/** What the comment of `base-path.conf` tells people to write. */
function basePathFile(basePath) {
  const comment = readFileSync(join(WEB, 'nginx/base-path.conf'), 'utf8');
  const lines = comment.split('\n').filter((line) => line.startsWith('#     '));
  return lines.map((line) => line.slice(6).replaceAll('/plant-a/', basePath)).join('\n');
}

async function answers(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** A port of loopback that nobody listens on now. */
export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
