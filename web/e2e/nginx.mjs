// The built pages in an Nginx with our own configuration, as the container runs it: as nobody, with a folder of the build
// that it cannot write. Only addresses and folders of the image are replaced.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, nginxHome, startNginx } from './nginx-process.mjs';

const WEB = new URL('../', import.meta.url).pathname;

/** Starts it for an application that lies at `basePath`: its address, and how to end it. */
export async function startWeb(basePath = '/') {
  const { home, temporary } = nginxHome('web');
  const port = await freePort();
  furnish(home, temporary, port, basePath);
  return { url: `http://127.0.0.1:${port}`, close: await startNginx(home, port) };
}

/** The files of the image below `home`, and a folder in the place of its /tmp. */
function furnish(home, temporary, port, basePath) {
  const html = join(home, 'html');
  cpSync(join(WEB, 'dist'), html, { recursive: true });
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
