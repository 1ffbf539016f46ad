/** How triggers and brokers are called. */

/** Return a trigger's name, with its namespace where that is not the broker's. */
export function triggerName(trigger: string, broker: string): string {
  const namespace = broker.slice(0, broker.indexOf("/") + 1);
  return trigger.startsWith(namespace) ? trigger.slice(namespace.length) : trigger;
}
