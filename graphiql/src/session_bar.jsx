import { ChevronDownIcon, DropdownMenu, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useState } from "react";

import { EXAMPLES } from "./examples.js";
import { cleanToken } from "./fetchers.js";
import icon from "./icon.svg";
import { keptLocale, keptToken, LOCALES } from "./stores.js";

const ICON = new URL(icon, import.meta.url).href;
const WHO = "{ viewer { user { name } organization { name } } }";

export function SessionBar({ fetcher, token, onToken }) {
  return (
    <header className="session-bar">
      <img alt="" src={ICON} />
      <h1>backoffice-graph</h1>
      <Token token={token} onToken={onToken} />
      <Identity fetcher={fetcher} token={token} />
      <Examples />
      <Locale />
    </header>
  );
}

function Token({ token, onToken }) {
  const [draft, setDraft] = useState(token);
  const [isShown, setShown] = useState(false);
  const [forBrowser, setForBrowser] = useState(keptToken.isForBrowser);
  const responseEditor = useGraphiQL((state) => state.responseEditor);

  const commit = (text) => {
    const clean = cleanToken(text);
    setDraft(clean);
    if (clean !== token) {
      keptToken.write(clean, { forBrowser });
      responseEditor?.setValue("");
      onToken(clean);
    }
  };

  return (
    <form
      className="token"
      onSubmit={(event) => {
        event.preventDefault();
        commit(draft);
      }}
    >
      <label htmlFor="token">Token</label>
      <input
        id="token"
        autoComplete="off"
        className={isShown ? "" : "covered"}
        placeholder="paste a token here"
        spellCheck={false}
        type="text"
        value={draft}
        onBlur={() => commit(draft)}
        onChange={(event) => {
          const isPasted = event.nativeEvent.inputType === "insertFromPaste";
          (isPasted ? commit : setDraft)(event.target.value);
        }}
      />
      <button type="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? "Hide" : "Show"}
      </button>
      <label title="Unticked, the token is forgotten when this tab closes.">
        <input
          type="checkbox"
          checked={forBrowser}
          onChange={(event) => {
            setForBrowser(event.target.checked);
            keptToken.write(token, { forBrowser: event.target.checked });
          }}
        />
        Keep in this browser
      </label>
    </form>
  );
}

const NOBODY = { mood: "waiting", text: "No token yet" };

function Identity({ fetcher, token }) {
  const [answer, setAnswer] = useState(NOBODY);

  useEffect(() => {
    let isCurrent = true;
    setAnswer(token ? { mood: "waiting", text: "Asking who this is …" } : NOBODY);
    if (token) {
      fetcher({ query: WHO }).then((result) => isCurrent && setAnswer(identity(result)));
    }
    return () => {
      isCurrent = false;
    };
  }, [fetcher, token]);

  return (
    <output className={`identity ${answer.mood}`} title={answer.detail}>
      {answer.text}
    </output>
  );
}

function identity({ data, errors }) {
  if (data?.viewer) {
    return { mood: "known", text: `${data.viewer.user.name} · ${data.viewer.organization.name}` };
  }
  return { mood: "refused", text: errors?.[0]?.message ?? "The server did not say who this is." };
}

function Examples() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  const open = ({ query, variables = "" }) => {
    addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
  };

  return (
    <DropdownMenu>
      <DropdownMenu.Button className="menu">
        Examples <ChevronDownIcon aria-hidden="true" />
      </DropdownMenu.Button>
      <DropdownMenu.Content>
        {EXAMPLES.map((example) => (
          <DropdownMenu.Item key={example.label} onSelect={() => open(example)}>
            {example.label}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

function Locale() {
  const [locale, setLocale] = useState(keptLocale.read);

  return (
    <label className="locale" title="The language of the server's messages">
      Messages in
      <select
        value={locale}
        onChange={(event) => {
          keptLocale.write(event.target.value);
          setLocale(event.target.value);
        }}
      >
        {Object.entries(LOCALES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
