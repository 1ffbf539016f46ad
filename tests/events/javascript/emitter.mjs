// Sends the events of standard input, a JSON list, to an address in a mode, as the SDK writes them;
// prints the replies, each as the SDK reads it, as one JSON list.
import { CloudEvent, emitterFor, HTTP, Mode } from "cloudevents";
import { readFileSync } from "node:fs";

const [url, mode] = process.argv.slice(2);

// The SDK's own transport fails for events without data in binary mode.
async function send({ headers, body }) {
  const answer = await fetch(url, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return { headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

const emit = emitterFor(send, { mode: mode === "structured" ? Mode.STRUCTURED : Mode.BINARY });

const replies = [];
for (const told of JSON.parse(readFileSync(0, "utf8"))) {
  const reply = await emit(new CloudEvent(told));
  replies.push(reply.headers["ce-id"] ? HTTP.toEvent(reply).toJSON() : null);
}
console.log(JSON.stringify(replies));
