/** Commands that send an event to this server's own broker. */

const INGRESS = "/broker/default/default";

/** Return the command that says a visit with plotkiln. */
export function sendCommand(origin: string): string {
  return `plotkiln events send --to ${origin}${INGRESS} --type plotkiln.new_hit --subject home`;
}

/** Return the command that says a visit with curl; each visit has an id of its own. */
export function curlCommand(origin: string): string {
  const attributes = [
    "'ce-specversion: 1.0'",
    '"ce-id: $(date +%s%N)"',
    "'ce-source: /curl'",
    "'ce-type: plotkiln.new_hit'",
    "'ce-subject: home'",
  ];
  return `curl -X POST ${origin}${INGRESS} ${attributes.map((one) => `-H ${one}`).join(" ")}`;
}
