/** Commands that send an event to this server's own broker. */

import { TOKEN_OPTION } from "../session/token";

const INGRESS = "/broker/default/default";

/** Return the command that says a visit with plotkiln. */
export function sendCommand(origin: string): string {
  return `plotkiln events send --to ${origin}${INGRESS} --type plotkiln.new_hit --subject home`;
}

/**
 * Return the command that says a visit with curl; each visit has an id of its own.
 *
 * `withToken`: the server wants to know who asks. plotkiln's own command says it by itself.
 */
export function curlCommand(origin: string, { withToken = false } = {}): string {
  const attributes = [
    "'ce-specversion: 1.0'",
    '"ce-id: $(date +%s%N)"',
    "'ce-source: /curl'",
    "'ce-type: plotkiln.new_hit'",
    "'ce-subject: home'",
  ];
  const options = attributes.map((one) => `-H ${one}`);
  if (withToken) options.unshift(TOKEN_OPTION);
  return `curl -X POST ${origin}${INGRESS} ${options.join(" ")}`;
}
