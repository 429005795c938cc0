// An Nginx of the machine with a configuration of ours, as nobody where we are root.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NGINX = process.env.NGINX ?? (existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx');
const NOBODY = 65_534;
const READY_MS = 15_000;

/** A folder for its files, readable by any user, and one in it that any user can write. */
export function nginxHome(name) {
  const home = mkdtempSync(join(tmpdir(), `pm-${name}-`));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  chmodSync(home, 0o755);
  chmodSync(temporary, 0o777);
  return { home, temporary };
}

/** Starts it with the `nginx.conf` of a folder. Once it listens on that port of loopback: how to end it and remove the folder. */
export async function startNginx(home, port) {
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
  const end = () => child.kill('SIGTERM');
  // A measurement that fails leaves no server behind.
  process.on('exit', end);
  const close = async () => {
    process.off('exit', end);
    end();
    await ended;
    rmSync(home, { recursive: true });
  };
  const deadline = Date.now() + READY_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await close();
      throw new Error(`Nginx did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return close;
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
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
