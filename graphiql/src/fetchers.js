import { getOperationAST } from "graphql";

import { keptLocale } from "./stores.js";
import { resultsOf } from "./streams.js";

const NO_TOKEN =
  "No token yet: paste one into the field at the top of this page. " +
  "A server started with `make run` keeps one for each role in .data/credentials.json.";

// `data: null` keeps GraphiQL from asking for the schema a second time in an older dialect.
const refusal = (message) => ({ data: null, errors: [{ message }] });

// What people copy comes with its surroundings: quotes from a JSON file, "Bearer" from a header.
export const cleanToken = (pasted) => pasted.trim().replace(/^["']|["'],?$/g, "").replace(/^Bearer\s+/i, "").trim();

// A tab's operation name arrives a moment after its text: one that the text lacks is stale.
const named = (query, operationName) =>
  operationName && new RegExp(`\\b${operationName}\\b`).test(query) ? operationName : undefined;

const subscribes = (document, operationName) =>
  document && getOperationAST(document, operationName)?.operation === "subscription";

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

// One fetcher per token. GraphiQL asks for the schema again whenever it gets another fetcher.
export const fetcherFor = (token) =>
  async ({ query, variables, operationName }, { headers, documentAST } = {}) => {
    const operation = named(query, operationName);
    const streams = subscribes(documentAST, operation);
    let sent;
    try {
      sent = new Headers({
        Accept: streams ? "text/event-stream" : "application/json",
        "Accept-Language": keptLocale.read(),
        "Content-Type": "application/json",
        ...(token && { Authorization: `Bearer ${token}` }),
      });
      Object.entries(headers ?? {}).forEach(([name, value]) => sent.set(name, value));
    } catch (problem) {
      return refusal(`The token or a header has characters that HTTP does not allow. ${problem.message}`);
    }
    if (!sent.has("Authorization")) {
      return refusal(NO_TOKEN);
    }

    const request = new AbortController();
    let response;
    let text;
    try {
      response = await fetch(window.location.pathname, {
        method: "POST",
        headers: sent,
        body: JSON.stringify({ query, variables, operationName: operation }),
        signal: request.signal,
      });
      if (streams && response.ok) {
        return resultsOf(response, request, refusal);
      }
      text = await response.text();
    } catch {
      return refusal("The server did not answer. Is it still running?");
    }
    const body = parsed(text);
    if (body === null || typeof body !== "object") {
      return refusal(`The server answered ${response.status}, and not in GraphQL: ${text.slice(0, 500)}`);
    }
    return operationName === "IntrospectionQuery" ? { data: null, ...body } : body;
  };
