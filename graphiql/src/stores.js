// What the page keeps in the browser. The prefix keeps it apart from any other GraphiQL that has
// been served from the same address, which is common on 127.0.0.1:8000.
const PREFIX = "backoffice-graph:";

const own = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX));

export const editorStorage = {
  getItem: (key) => localStorage.getItem(PREFIX + key),
  setItem: (key, value) => localStorage.setItem(PREFIX + key, value),
  removeItem: (key) => localStorage.removeItem(PREFIX + key),
  get length() {
    return own(localStorage).length;
  },
  clear() {
    for (const store of [localStorage, sessionStorage]) {
      own(store).forEach((key) => store.removeItem(key));
    }
  },
};

// What the editors start with. GraphiQL itself would restore them from keys that it writes apart
// from the tabs and not at the same moment: a reload in between opens the tab a second time.
export function openTab(defaultTabs) {
  const stored = editorStorage.getItem("graphiql:tabState");
  const { tabs, activeTabIndex } = stored ? JSON.parse(stored) : { tabs: defaultTabs, activeTabIndex: 0 };
  const { query, variables } = tabs[activeTabIndex] ?? {};
  return { initialQuery: query ?? "", initialVariables: variables ?? "" };
}

const TOKEN = `${PREFIX}token`;

// Kept for this tab only, or, if the user says so, for this browser.
export const keptToken = {
  read: () => sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN) ?? "",
  isForBrowser: () => localStorage.getItem(TOKEN) !== null,
  write(token, { forBrowser }) {
    sessionStorage.removeItem(TOKEN);
    localStorage.removeItem(TOKEN);
    if (token) {
      (forBrowser ? localStorage : sessionStorage).setItem(TOKEN, token);
    }
  },
};

const LOCALE = `${PREFIX}locale`;

export const LOCALES = { en: "English", ar: "العربية", pt: "Português" };

export const keptLocale = {
  read() {
    const wished = [localStorage.getItem(LOCALE), navigator.language.slice(0, 2)];
    return wished.find((locale) => locale in LOCALES) ?? "en";
  },
  write: (locale) => localStorage.setItem(LOCALE, locale),
};
