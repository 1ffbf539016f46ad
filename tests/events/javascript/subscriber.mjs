// Takes events by the SDK on a port of its own, which the first line of output tells; each further
// line is one event as the SDK read it. An event of type `asked` is replied to, in the content mode
// that its subject names.
import { CloudEvent, HTTP } from "cloudevents";
import { createServer } from "node:http";

function replyTo(event) {
  const reply = new CloudEvent({
    id: `re-${event.id}`,
    source: "/javascript",
    type: "answered",
    subject: "to whom it may concern",
    data: { asked: event.data ?? null },
  });
  return event.subject === "structured" ? HTTP.structured(reply) : HTTP.binary(reply);
}

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces).toString("utf8");
  try {
    const event = HTTP.toEvent({ headers: request.headers, body: body || undefined });
    console.log(JSON.stringify(event.toJSON()));
    if (event.type === "asked") {
      const message = replyTo(event);
      response.writeHead(200, message.headers).end(message.body);
    } else {
      response.writeHead(204).end();
    }
  } catch (error) {
    console.log(JSON.stringify({ refused: String(error) }));
    response.writeHead(400).end();
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
