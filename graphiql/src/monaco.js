// Monaco's surroundings, set before anything imports Monaco itself.

// The build puts the hashed names of the worker bundles here.
const WORKERS = __WORKERS__;

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    return new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url));
  },
};

// Monaco and the dialogs write <style> elements at run time. The page's policy lets in those that
// carry its nonce, and neither library can be told one early enough, so every new one gets it.
const nonce = document.querySelector("meta[property='csp-nonce']").nonce;
const createElement = document.createElement.bind(document);

document.createElement = (name, options) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) {
    element.nonce = nonce;
  }
  return element;
};
