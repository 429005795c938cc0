/** Does `step` in a task of its own, soon: between tasks a slow phone reads the page and paints. */
export function inTask(step: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    step();
  };
  port2.postMessage(null);
}
