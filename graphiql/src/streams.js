// Results as the server sends them to a subscriber: `next` with a result, `complete`, and comments.
const LOST = "The connection was lost. Run it again, with the last cursor as `after`: nothing is missed.";

// Ends with the stream; `return()` ends the request, also while nothing comes.
export function resultsOf(response, request, refusal) {
  const results = read(response, request.signal, refusal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    return: () => {
      request.abort();
      return results.return();
    },
  };
}

async function* read(response, signal, refusal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        yield refusal(LOST);
        return;
      }
      const blocks = (waiting + value).split("\n\n");
      waiting = blocks.pop();
      for (const block of blocks) {
        const { event, data } = fields(block);
        if (event === "complete") {
          return;
        }
        if (event === "next") {
          yield JSON.parse(data);
        }
      }
    }
  } catch {
    if (!signal.aborted) {
      yield refusal(LOST);
    }
  }
}

const fields = (block) =>
  Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
